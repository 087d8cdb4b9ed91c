/* Two runs: villages by what became of them, communes by the households that gained or lost signal. */
(function (CM) {
  'use strict';
  const { el, card, facts, count, place } = CM;
  const SHAPES = ['triangle', 'triangle', 'diamond', 'down', 'circle', 'square', 'plus', 'cross'];
  const SIZES = [1.5, 1.2, 1.55, 1.3, 0.6, 0.75, 1.1, 1.1];
  const HOLLOW = [1, 5];
  const DRAW = [4, 5, 7, 6, 1, 3, 0, 2];
  const MARKS = ['○', '◐', '●'];

  CM.changeSign = function (at) {
    const colour = CM.data.changes[at].colour;
    const hollow = HOLLOW.includes(at);
    return { shape: SHAPES[at], fill: hollow ? '#ffffff' : colour, edge: hollow ? colour : '#ffffff', size: SIZES[at] };
  };

  /* Households gained in a commune, from lost to won. */
  CM.GAINS = [[-Infinity, '#d98c7a', '≤ −100'], [-99, '#f3d6cc', '−99 … −1'], [0, '#f4f4f1', '0'],
    [1, '#cfe6d2', '1 … 99'], [100, '#86bf92', '≥ 100']];
  CM.gainColour = (gained) => CM.GAINS.filter(([from]) => gained >= from).pop()[1];
  CM.signed = (value) => (value > 0 ? '+' : value < 0 ? '−' : '') + CM.number(Math.abs(value));

  CM.communeName = (at) => (at >= 0 ? CM.data.communes.name[at] : '');
  const status = (at) => (at >= 0 ? CM.t('statuses')[at] : '–');
  const turned = (before, now) => [before, now].map((value) => (value === null ? '–' : CM.number(value))).join(' → ');

  function operatorTable(row) {
    const cell = (at) => (at < 0 ? el('td', { class: 'unknown' }, '–')
      : el('td', { class: ['none', 'weak', 'good'][at] }, [
        el('span', { class: 'mark', 'aria-hidden': 'true' }, MARKS[at]), CM.t('classes')[at]]));
    const body = CM.data.operators.map((operator) =>
      el('tr', {}, [el('th', { scope: 'row' }, CM.operatorName(operator)), ...row['class_' + operator].map(cell)]));
    return el('table', { class: 'levels' }, [
      el('caption', {}, CM.t('at_centre')),
      el('thead', {}, el('tr', {}, [el('td', {}), ...['before', 'now'].map((key) => el('th', { scope: 'col' }, CM.t(key)))])),
      el('tbody', {}, body),
    ]);
  }

  CM.villageCard = (row) =>
    card(CM.t('village'), row.name, [
      el('p', { class: 'where', dir: 'auto' }, CM.communeName(row.commune)),
      el('p', { class: 'status' }, [CM.signSvg(CM.changeSign(row.change)), el('strong', {}, CM.t('changes')[row.change])]),
      el('p', { class: 'why' }, status(row.statusOld) + ' → ' + status(row.statusNew)),
      operatorTable(row),
      facts([
        [CM.t('old_name'), row.oldName],
        [CM.t('old_commune'), row.oldCommune],
        [CM.t('why'), CM.t('reasons')[row.reason] || row.reason],
        [CM.t('households'), turned(row.households_old, row.households)],
        [CM.t('households_covered'), turned(row.households_covered_old, row.households_covered_new)],
        [CM.t('gained'), row.households_gained === null ? null : CM.signed(row.households_gained)],
        [CM.t('coordinates'), place(row.lat, row.lon)],
      ]),
    ]);

  CM.communeCard = (row) =>
    card(CM.t('commune'), row.name, [
      el('p', { class: 'where' }, row.code),
      facts([
        [CM.t('old_commune'), row.old],
        [CM.t('villages'), count(row.villages)],
        ...CM.data.changes.map((change, at) => [CM.t('changes')[at], row[change.id] ? count(row[change.id]) : null]),
        [CM.t('gained'), CM.signed(row.households_gained)],
      ]),
    ]);

  function villages(canvas) {
    const group = L.featureGroup();
    for (const change of DRAW) {
      for (const row of CM.villages) {
        if (row.change !== change || row.lat === null || row.lon === null) continue;
        const marker = new CM.Glyph([row.lat, row.lon], { renderer: canvas, sign: CM.changeSign(change) });
        marker.row = row;
        marker.tip = () => row.name + ' · ' + CM.t('changes')[change];
        marker.card = () => CM.villageCard(row);
        group.addLayer(marker);
      }
    }
    return group;
  }

  function communes(canvas) {
    return L.featureGroup(CM.communes.filter((row) => row.shape).map((row) => {
      const area = L.polygon(CM.area(row.shape), {
        renderer: canvas, stroke: false, fillColor: CM.gainColour(row.households_gained), fillOpacity: 0.75, smoothFactor: 0.5,
      });
      area.tip = () => row.name + ' · ' + CM.t('gained') + ' ' + CM.signed(row.households_gained);
      area.card = () => CM.communeCard(row);
      return area;
    }));
  }

  CM.shown = (row) => CM.state.changes.has(row.change) && (CM.state.commune < 0 || row.commune === CM.state.commune);

  CM.makeLayers = function (map) {
    CM.makePanes(map);
    map.getPane('names').style.zIndex = 450; // above the shades of communes
    const canvas = L.canvas({ padding: 0.3, tolerance: 4 });
    CM.layers = { communes: communes(canvas), borders: CM.borders(canvas, map), villages: villages(canvas) };
    for (const name of ['communes', 'villages']) CM.listen(map, CM.layers[name]);
    CM.makeBeforeAfter(map);
    CM.on('layers', () => {
      for (const [name, layer] of Object.entries(CM.layers)) {
        const shown = CM.state.layers[name] && (CM.state.view === 'changes' || name === 'borders');
        if (!shown) map.removeLayer(layer);
        else map.addLayer(layer) && layer.bringToFront();
      }
    });
    CM.on('filter', () => CM.layers.villages.eachLayer((marker) => CM.hide(marker, !CM.shown(marker.row))));
    CM.on('language', () => map.closePopup());
  };
})(window.CoverageMap);
