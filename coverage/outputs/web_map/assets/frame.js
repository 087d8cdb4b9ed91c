/* The frame of every page: the map with its view, the controls on it, and the language it speaks. */
(function (CM) {
  'use strict';
  const watchers = {};

  CM.on = (topic, act) => (watchers[topic] = watchers[topic] || []).push(act);
  CM.tell = (topic) => (watchers[topic] || []).forEach((act) => act());

  CM.open = function (map, tiles) {
    CM.data = JSON.parse(document.getElementById('map-data').textContent);
    CM.map = map;
    CM.goHome = () => map.fitBounds(CM.data.view, { padding: [24, 24], maxZoom: 13 });
    CM.fitArea = (row) =>
      map.fitBounds(L.polygon(CM.area(row.shape)).getBounds(), { padding: [20, 20], animate: false });
    L.control.scale({ imperial: false, position: 'bottomright' }).addTo(map);
    if (tiles) L.control.attribution({ prefix: false }).addTo(map);
  };

  let zoom = null;
  CM.dress = function () {
    document.documentElement.lang = CM.state.language;
    CM.map.getContainer().setAttribute('aria-label', CM.t('map'));
    CM.map.getContainer().setAttribute('role', 'application');
    CM.drawBar();
    CM.drawPanel();
    if (zoom) zoom.remove();
    zoom = L.control.zoom({
      position: window.innerWidth > 760 ? 'topright' : 'bottomleft', zoomInTitle: CM.t('zoom_in'), zoomOutTitle: CM.t('zoom_out'),
    }).addTo(CM.map);
    const home = CM.el('a', { href: '#', role: 'button', id: 'home', title: CM.t('home'), 'aria-label': CM.t('home'),
      onclick: (event) => {
        event.preventDefault();
        CM.goHome();
      } }, '⌂');
    zoom.getContainer().append(home);
    L.DomEvent.disableClickPropagation(home);
  };
})(window.CoverageMap);
