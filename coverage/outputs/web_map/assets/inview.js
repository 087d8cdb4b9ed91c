/* What lies in view: the villages that pass the filters, and their indicators. */
(function (CM) {
  'use strict';
  const { el, section } = CM;

  /* Villages on the map as it is now. */
  CM.inView = () => CM.inBounds(CM.map.getBounds());
  CM.inBounds = function (bounds) {
    const [south, west, north, east] = [bounds.getSouth(), bounds.getWest(), bounds.getNorth(), bounds.getEast()];
    return CM.villages.filter((row) => row.lat !== null && row.lon !== null && row.lat >= south && row.lat <= north &&
      row.lon >= west && row.lon <= east && CM.shown(row));
  };

  const sum = (rows, name) => rows.reduce((total, row) => total + (row[name] || 0), 0);

  /* Count by status, households and what they have; parts are of what is known, and what is not known stands beside. */
  CM.indicators = function (rows) {
    const counts = [0, 0, 0, 0];
    for (const row of rows) counts[row.status] += 1;
    const counted = rows.filter((row) => row.householdsCovered !== null && row.households !== null);
    const powered = rows.filter((row) => row.power !== null);
    const wired = rows.filter((row) => CM.FIBER_ASSESSED.includes(row.fiber));
    return {
      villages: rows.length,
      counts: counts,
      households: sum(rows, 'households'),
      people: sum(rows, 'people'),
      signal: { part: sum(counted, 'householdsCovered'), all: sum(counted, 'households') },
      power: { part: powered.filter((row) => row.power === 1).length, all: powered.length, left: rows.length - powered.length },
      fiber: { part: wired.filter((row) => row.fiber === 0).length, all: wired.length, left: rows.length - wired.length },
      verify: rows.filter((row) => row.verify === 1).length,
    };
  };
  CM.FIBER_ASSESSED = [0, 1, 2];

  function share(one) {
    const text = CM.percent(one.part, one.all) + ' (' + CM.t('of', { part: CM.number(one.part), all: CM.number(one.all) }) + ')';
    return one.left ? text + ', ' + CM.t('unknown_left', { count: CM.number(one.left) }) : text;
  }

  function content() {
    const rows = CM.inView();
    const found = CM.indicators(rows);
    const all = CM.villages.filter(CM.shown).length;
    const fact = (id, name, value) => el('div', {}, [el('dt', {}, name), el('dd', { id: 'view-' + id }, value)]);
    if (!rows.length) return [el('p', { class: 'note', id: 'view-none' }, CM.t('none_in_view'))];
    return [
      el('p', { class: 'note', id: 'view-count' }, CM.t('in_view_of', { part: CM.number(rows.length), all: CM.number(all) })),
      el('ul', { class: 'view-statuses' }, found.counts.map((count, at) => el('li', {}, [
        CM.signSvg(CM.STATUS_SIGNS[at]), el('b', { id: 'view-status-' + at }, CM.number(count)),
        el('span', {}, CM.t('statuses')[at]),
      ]))),
      el('dl', {}, [
        fact('headline', CM.t('headline'), CM.percent(found.villages - found.counts[0], found.villages)),
        fact('strict', CM.t('strict'), CM.percent(found.counts[2], found.villages)),
        fact('households', CM.t('households'), CM.number(found.households)),
        fact('signal', CM.t('households_signal'), share(found.signal)),
        fact('people', CM.t('people'), CM.number(found.people)),
        fact('power', CM.t('with_power'), share(found.power)),
        fact('fiber', CM.t('with_fiber'), share(found.fiber)),
        found.verify ? fact('verify', CM.t('to_verify'), CM.number(found.verify)) : null,
      ]),
    ];
  }

  CM.inViewSection = () => section('in-view', CM.t('in_view'), [
    el('div', { id: 'view-facts' }, content()),
    el('button', { type: 'button', id: 'open-table', onclick: () => CM.openTable() }, CM.t('open_table')),
  ]);

  CM.followView = function () {
    CM.map.on('moveend', () => {
      const facts = document.getElementById('view-facts');
      if (facts) CM.replace(facts, content());
      CM.tell('view');
    });
  };
})(window.CoverageMap);
