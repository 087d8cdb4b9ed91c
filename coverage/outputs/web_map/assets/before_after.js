/* Two runs side by side under a divider: villages by the status that each run gave them, and its signal. */
(function (CM) {
  'use strict';
  const { el, select } = CM;
  const SIDES = ['before', 'after'];
  const STATUS = { before: 'statusOld', after: 'statusNew' };
  const DRAW = [2, 3, 1, 0];

  CM.firstSignal = function () {
    const there = CM.data.signal.map((one) => one.technology);
    const serving = there.filter((one) => CM.data.inService.includes(one));
    return (serving.includes('4g') && '4g') || serving[0] || there[0] || '';
  };

  function villages(map, side) {
    const group = L.featureGroup();
    const canvas = L.canvas({ pane: side + '-signs', padding: 0.3, tolerance: 4 });
    for (const status of DRAW) {
      for (const row of CM.villages) {
        if (row[STATUS[side]] !== status || row.lat === null || row.lon === null) continue;
        const marker = new CM.Glyph([row.lat, row.lon], { renderer: canvas, pane: side + '-signs', sign: CM.STATUS_SIGNS[status] });
        marker.row = row;
        marker.tip = () => row.name + ' · ' + CM.t('statuses')[status];
        marker.card = () => CM.villageCard(row);
        group.addLayer(marker);
      }
    }
    CM.listen(map, group);
    return group;
  }

  CM.makeBeforeAfter = function (map) {
    CM.swipePanes(map, SIDES.map((side) => side + '-surface'), 250, false);
    CM.swipePanes(map, SIDES.map((side) => side + '-signs'), 410, true);
    const of = (side) => [side + '-surface', side + '-signs'];
    const swipe = CM.makeSwipe(map, of('before'), of('after'));
    const signs = SIDES.map((side) => villages(map, side));
    let pictures = [];

    const draw = () => {
      const on = CM.state.view === 'swipe';
      for (const picture of pictures) picture.remove();
      const chosen = CM.data.signal.find((one) => one.technology === CM.state.technology);
      pictures = on && chosen ? SIDES.map((side) => L.imageOverlay(chosen[side].src, chosen[side].bounds,
        { pane: side + '-surface', className: 'signal', opacity: 0.6 }).addTo(map)) : [];
      for (const group of signs) on ? map.addLayer(group) : map.removeLayer(group);
      swipe.show(on, [CM.t('before'), CM.t('now')]);
    };
    CM.on('layers', draw);
    CM.on('language', draw);
    CM.on('filter', () => {
      for (const group of signs) group.eachLayer((marker) => CM.hide(marker, !CM.shown(marker.row)));
    });
  };

  /* In the panel: which view, and what the swipe shows. */
  CM.viewChoice = function () {
    const change = (name) => (value) => {
      CM.state[name] = value;
      CM.tell('layers');
      CM.drawPanel();
    };
    const rows = [select('view', CM.t('view'), ['changes', 'swipe'].map((id) => [id, CM.t('view_' + id)]), CM.state.view,
      change('view'))];
    if (CM.state.view !== 'swipe') return rows;
    rows.push(el('p', { class: 'note' }, CM.t('status_before_after')),
      el('ul', { class: 'legend', id: 'status-legend' }, CM.STATUS_SIGNS.map((sign, at) =>
        el('li', {}, [CM.signSvg(sign), el('span', { class: 'label' }, CM.t('statuses')[at])]))));
    if (!CM.data.signal.length) return rows;
    rows.push(select('signal', CM.t('signal_any'),
      [...CM.data.signal.map((one) => [one.technology, one.technology.toUpperCase()]), ['', CM.t('no_signal_layer')]],
      CM.state.technology, change('technology')));
    const chosen = CM.data.signal.find((one) => one.technology === CM.state.technology);
    if (chosen) {
      const [good, weak] = chosen.thresholds.map(CM.dbm);
      const ranges = ['≥ ' + good + ' dBm', weak + ' … ' + good + ' dBm', '< ' + weak + ' dBm'];
      rows.push(el('ul', { class: 'legend', id: 'signal-legend' }, ['good', 'weak', 'none'].map((name, at) =>
        CM.legendItem(CM.data.classColours[at], CM.t('class_' + name), ranges[at]))));
    }
    return rows;
  };
})(window.CoverageMap);
