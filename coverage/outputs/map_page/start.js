/* Puts the page together around the map that Folium made. */
(function (CM) {
  'use strict';
  CM.start = function (map, tiles) {
    CM.data = JSON.parse(document.getElementById('map-data').textContent);
    CM.map = map;
    for (const name of ['villages', 'communes', 'sites', 'routes', 'ranked', 'plan']) CM[name] = CM.rows(CM.data[name]);
    CM.state = CM.firstState(document.documentElement.lang === 'en' ? 'en' : 'vi');

    CM.goHome = () => map.fitBounds(CM.data.view, { padding: [24, 24], maxZoom: 13 });
    CM.fitArea = (row) =>
      map.fitBounds(L.polygon(CM.area(row.shape)).getBounds(), { padding: [20, 20], animate: false });
    CM.goHome();
    CM.openCard = (content, at) => {
      const maxHeight = Math.min(520, map.getSize().y - 70);
      const popup = L.popup({ maxWidth: 340, minWidth: 240, maxHeight: maxHeight, autoPanPadding: [16, 16] })
        .setLatLng(at).setContent(content).openOn(map);
      popup.getElement().querySelector('.leaflet-popup-close-button').setAttribute('aria-label', CM.t('close'));
      const scrolled = content.parentNode;
      scrolled.tabIndex = 0;
      scrolled.addEventListener('keydown', (event) => {
        if (event.key !== 'Escape') return;
        map.closePopup();
        map.getContainer().focus();
      });
      scrolled.focus({ preventScroll: true });
    };
    L.control.scale({ imperial: false, position: 'bottomright' }).addTo(map);
    if (tiles) L.control.attribution({ prefix: false }).addTo(map);

    CM.makeLayers(map, tiles);
    CM.on('filter', CM.drawPanel);
    CM.on('filter', announce);
    CM.on('language', dress);
    dress();
    CM.tell('layers');
    CM.tell('signal');
    document.body.classList.add('ready');
  };

  function announce() {
    const count = CM.villages.filter(CM.shown).length;
    document.getElementById('announce').textContent = CM.t('found', { count: CM.number(count) });
  }

  let zoom = null;
  function dress() {
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
  }
})(window.CoverageMap);
