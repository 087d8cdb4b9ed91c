/* What the reader has chosen. */
(function (CM) {
  'use strict';
  CM.firstState = function (language) {
    const offered = CM.data.signal.filter((one) => one.operator === 'any');
    const serving = CM.data.technologies.filter((one) => one.inService).map((one) => one.id);
    const best = offered.find((one) => one.technology === '4g' && serving.includes('4g'))
      || offered.find((one) => serving.includes(one.technology)) || offered[0] || CM.data.signal[0];
    return {
      language: language,
      filter: CM.noFilter(),
      table: CM.firstTable(),
      signal: {
        on: Boolean(best),
        operator: best ? best.operator : 'any',
        technology: best ? best.technology : '4g',
        opacity: 0.55,
        kind: 'level',
      },
      shade: 0,
      signs: 'status',
      proposal: { on: false, upto: CM.ranked.reduce((last, row) => Math.max(last, row.rank), 0) },
      operators: new Set(CM.data.operators.map((one) => one.id)),
      layers: {
        villages: true, communes: false, borders: true, sites: false, routes: false, ranked: true, plan: false,
        roads: true, water: true, relief: true, tiles: false,
      },
    };
  };

  CM.noFilter = () => ({
    operator: 'any', technology: '', statuses: new Set([0, 1, 2, 3]), commune: -1, power: '', verify: false,
  });

  /* Everything but the status, so that the counts beside the statuses stay meaningful. */
  CM.passes = function (village) {
    const filter = CM.state.filter;
    if (filter.commune >= 0 && village.commune !== filter.commune) return false;
    if (filter.power === 'yes' && village.power !== 1) return false;
    if (filter.power === 'no' && village.power !== 0) return false;
    return !filter.verify || village.verify === 1;
  };

  CM.shown = (village) => CM.state.filter.statuses.has(village.status) && CM.passes(village);
})(window.CoverageMap);
