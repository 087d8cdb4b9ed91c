/* Measuring along points: by clicks, by touch, or by keyboard at the middle of the map. */
(function (CM) {
  'use strict';
  const { el } = CM;
  const LINE = { color: '#0b2f45', weight: 3, dashArray: '6 5', interactive: false };
  const DOT = { radius: 5, color: '#0b2f45', weight: 2, fillColor: '#ffffff', fillOpacity: 1, interactive: false };
  let points = [];
  let drawn = null;

  CM.lengthText = (metres) => (metres < 1000 ? CM.number(metres) + ' m' : CM.number(metres / 1000, 2) + ' km');
  CM.lengths = () => points.slice(1).map((point, at) => CM.metresBetween(points[at], point));

  CM.makeMeasure = function () {
    const map = CM.map;
    document.body.append(el('div', { id: 'measured', hidden: true, role: 'group' }));
    map.getContainer().append(el('div', { class: 'crosshair', 'aria-hidden': 'true' }));
    map.on('click', (event) => CM.measuring && add(event.latlng));
    map.getContainer().addEventListener('keydown', key, true);
    CM.on('language', draw);
  };

  CM.startMeasure = function () {
    CM.measuring = true;
    points = [];
    CM.map.closePopup();
    CM.map.doubleClickZoom.disable();
    document.body.classList.add('measuring');
    drawn = L.layerGroup().addTo(CM.map);
    draw();
    CM.map.getContainer().focus();
  };

  CM.stopMeasure = function () {
    if (!CM.measuring) return;
    CM.measuring = false;
    CM.map.doubleClickZoom.enable();
    document.body.classList.remove('measuring');
    drawn.remove();
    draw();
    document.getElementById('tool-measure').focus();
  };

  function add(point) {
    points.push(point.wrap());
    draw();
  }

  function undo() {
    points.pop();
    draw();
  }

  function draw() {
    const box = document.getElementById('measured');
    const button = document.getElementById('tool-measure');
    if (button) button.setAttribute('aria-pressed', String(Boolean(CM.measuring)));
    box.hidden = !CM.measuring;
    if (!CM.measuring) return;
    box.setAttribute('aria-label', CM.t('measure'));
    const legs = CM.lengths();
    const total = legs.reduce((sum, one) => sum + one, 0);
    drawn.clearLayers();
    drawn.addLayer(L.polyline(points, LINE));
    for (const point of points) drawn.addLayer(L.circleMarker(point, DOT));
    CM.replace(box, [
      el('p', { id: 'measure-total', role: 'status' }, legs.length
        ? CM.t('measure_total', { total: CM.lengthText(total), last: CM.lengthText(legs[legs.length - 1]) })
        : [CM.t('measure_help') + ' ', el('span', { class: 'keys' }, CM.t('measure_keys'))]),
      el('button', { type: 'button', id: 'measure-undo', onclick: undo, disabled: !points.length }, CM.t('undo')),
      el('button', { type: 'button', id: 'measure-finish', onclick: CM.stopMeasure }, CM.t('finish')),
    ]);
  }

  function key(event) {
    if (!CM.measuring || event.target !== CM.map.getContainer()) return;
    const act = { Enter: () => add(CM.map.getCenter()), Backspace: undo, Escape: CM.stopMeasure }[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }
})(window.CoverageMap);
