/* Puts the page together around the map that Folium made. */
(function (CM) {
  'use strict';
  CM.start = function (map, tiles) {
    CM.open(map, tiles);
    for (const name of ['villages', 'communes', 'sites', 'routes', 'nodes', 'rivers', 'ranked', 'plan']) {
      CM[name] = CM.rows(CM.data[name]);
    }
    CM.state = CM.firstState(document.documentElement.lang === 'en' ? 'en' : 'vi');
    CM.readLink();
    if (!CM.viewOfLink()) CM.goHome();

    CM.on('filter', CM.applyNetwork);
    CM.applyNetwork();
    CM.makeLayers(map, tiles);
    CM.on('filter', CM.drawPanel);
    CM.on('filter', announce);
    CM.on('language', CM.dress);
    CM.on('language', CM.dressTools);
    CM.dress();
    CM.dressTools();
    for (const make of [CM.makeTable, CM.makeMeasure, CM.makeReadout, CM.makePrint, CM.followView, CM.keepLink]) make();
    for (const topic of ['layers', 'signal', 'operators', 'filter']) CM.tell(topic);
    document.body.classList.add('ready');
  };

  function announce() {
    const count = CM.villages.filter(CM.shown).length;
    document.getElementById('announce').textContent = CM.t('found', { count: CM.number(count) });
  }

})(window.CoverageMap);
