/* Puts the page of two runs together. */
(function (CM) {
  'use strict';
  CM.start = function (map) {
    CM.open(map, null);
    for (const name of ['villages', 'communes', 'sites']) CM[name] = CM.rows(CM.data[name]);
    CM.state = {
      language: document.documentElement.lang === 'en' ? 'en' : 'vi',
      changes: new Set(CM.data.changes.map((_, at) => at)),
      commune: -1,
      view: 'changes',
      technology: CM.firstSignal(),
      layers: { villages: true, communes: true, borders: true },
    };
    CM.goHome();
    CM.makeLayers(map);
    CM.on('filter', CM.drawPanel);
    CM.on('filter', () => {
      const count = CM.number(CM.villages.filter(CM.shown).length);
      document.getElementById('announce').textContent = CM.t('found', { count: count });
    });
    CM.on('language', CM.dress);
    CM.dress();
    CM.tell('layers');
    document.body.classList.add('ready');
  };
})(window.CoverageMap);
