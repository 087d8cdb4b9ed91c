/* Where the pointer is, in WGS 84 and in the province's VN-2000; and which way is north. */
(function (CM) {
  'use strict';
  const { el, svg } = CM;
  let shown = null;
  let waiting = false;

  CM.makeReadout = function () {
    const map = CM.map;
    const Box = L.Control.extend({
      onAdd: () => el('div', { id: 'place', hidden: true }, [el('span', { id: 'place-wgs84' }), el('span', { id: 'place-vn2000' })]),
    });
    const North = L.Control.extend({ onAdd: () => el('div', { id: 'north' }) });
    map.addControl(new Box({ position: 'bottomright' }));
    map.addControl(new North({ position: 'bottomright' }));
    const point = (event) => {
      if (event.target.closest && event.target.closest('.leaflet-control, .leaflet-popup')) return;
      look(map.mouseEventToLatLng(event));
    };
    for (const name of ['pointermove', 'pointerdown']) map.getContainer().addEventListener(name, point);
    map.on('moveend', () => map.getContainer().matches(':focus-visible') && look(map.getCenter()));
    CM.on('language', () => {
      drawNorth();
      write();
    });
    drawNorth();
  };

  CM.northSign = () => svg('svg', { viewBox: '0 0 20 30', width: 22, height: 33, 'aria-hidden': 'true' }, [
    svg('path', { d: 'M10 1L17 20L10 16Z', fill: '#1c2733' }),
    svg('path', { d: 'M10 1L3 20L10 16Z', fill: '#ffffff', stroke: '#1c2733', 'stroke-width': 1 }),
    svg('text', { x: 10, y: 29, 'text-anchor': 'middle', 'font-size': 9, 'font-weight': 700, fill: '#1c2733' },
      CM.state.language === 'vi' ? 'B' : 'N'),
  ]);

  function drawNorth() {
    const north = document.getElementById('north');
    north.setAttribute('role', 'img');
    north.setAttribute('aria-label', CM.t('north'));
    CM.replace(north, [CM.northSign()]);
  }

  function look(point) {
    shown = point.wrap();
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      write();
    });
  }

  function write() {
    if (!shown) return;
    document.getElementById('place').hidden = false;
    document.getElementById('place-wgs84').textContent = 'WGS 84: ' + shown.lat.toFixed(5) + ', ' + shown.lng.toFixed(5);
    document.getElementById('place-vn2000').textContent =
      'VN-2000 ' + CM.meridianText() + ': ' + CM.vn2000Text(shown.lat, shown.lng);
  }
})(window.CoverageMap);
