/* The bar and the panel of two runs compared. */
(function (CM) {
  'use strict';
  const { el, section, check, select, legendItem, lineSvg } = CM;
  const BETTER = [0, 1];
  const WORSE = [2, 3];

  CM.drawBar = () => CM.fillBar([CM.t('compared'), CM.data.meta.province, CM.t('dates')]);
  CM.drawPanel = () => CM.fillPanel([remarks(), summary(), layers(), about()]);

  function remarks() {
    const texts = CM.t('remarkTexts');
    if (!texts.length) return null;
    return section('remarks', CM.t('remarks'), texts.map((text) => el('p', { class: 'note', dir: 'auto' }, text)));
  }

  function summary() {
    const rows = CM.villages.filter((row) => CM.state.commune < 0 || row.commune === CM.state.commune);
    const of = (at) => rows.filter((row) => row.change === at);
    const number = (group) => CM.number(rows.filter((row) => group.includes(row.change)).length);
    const households = (found) =>
      found.reduce((sum, row) => sum + (row.households === null ? row.households_old || 0 : row.households), 0);
    const one = (at) => check('change-' + at, CM.t('changes')[at], CM.state.changes.has(at), (on) => {
      if (on) CM.state.changes.add(at);
      else CM.state.changes.delete(at);
      CM.tell('filter');
    }, CM.signSvg(CM.changeSign(at)), el('span', { class: 'count' }, [
      el('b', {}, CM.number(of(at).length)),
      el('small', {}, CM.t('households_in', { count: CM.number(households(of(at))) })),
    ]));
    const gained = rows.reduce((sum, row) => sum + (row.households_gained || 0), 0);
    const named = CM.communes.slice().sort((a, b) => a.name.localeCompare(b.name, 'vi'));
    const unplaced = rows.filter((row) => row.lat === null || row.lon === null).length;
    return section('summary', CM.t('layer_villages'), [
      el('div', { class: 'headline' }, [
        el('p', {}, [el('b', { id: 'better' }, number(BETTER)), el('span', {}, CM.t('headline'))]),
        el('p', {}, [el('b', { id: 'worse' }, number(WORSE)), el('span', {}, CM.t('headline_worse'))]),
      ]),
      el('p', { class: 'note', id: 'gained' }, CM.t('gained') + ': ' + CM.signed(gained)),
      select('filter-commune', CM.t('commune'), [[-1, CM.t('all_communes')], ...named.map((row) => [row.at, row.name])],
        CM.state.commune, (value) => {
          CM.state.commune = Number(value);
          CM.tell('filter');
          const row = CM.communes[Number(value)];
          if (row && row.shape) CM.fitArea(row);
          else CM.goHome();
        }),
      el('div', { class: 'statuses' }, CM.data.changes.map((_, at) => one(at))),
      unplaced ? el('p', { class: 'note', id: 'total' }, CM.t('unplaced', { count: CM.number(unplaced) })) : null,
    ]);
  }

  function layers() {
    const signs = {
      villages: CM.signSvg(CM.changeSign(0)),
      communes: el('i', { class: 'swatch', style: { 'background-color': CM.GAINS[4][1] } }),
      borders: lineSvg({ color: '#44505c', weight: 1 }),
    };
    const bordered = CM.communes.some((row) => row.shape);
    const there = CM.state.view === 'changes' ? Object.keys(signs) : ['borders'];
    const rows = there.filter((name) => name === 'villages' || bordered).map((name) =>
      check('layer-' + name, CM.t('layer_' + name), CM.state.layers[name], (on) => {
        CM.state.layers[name] = on;
        CM.tell('layers');
        CM.drawPanel();
      }, signs[name]));
    if (there.includes('communes') && bordered && CM.state.layers.communes) {
      rows.push(el('div', { class: 'sub' }, el('ul', { class: 'legend' },
        CM.GAINS.map(([, colour, text]) => legendItem(colour, text, '')))));
    }
    return section('layers', CM.t('layers'), [...CM.viewChoice(), ...rows]);
  }

  function about() {
    const pair = (name, value) => (value ? el('div', {}, [el('dt', {}, name), el('dd', { dir: 'auto' }, value)]) : null);
    return section('about', CM.t('about'), [
      el('dl', {}, [
        pair(CM.t('as_of'), CM.t('dates')), pair(CM.t('definition'), CM.t('definitions')),
        pair(CM.t('source'), CM.data.meta.source),
      ]),
      el('p', { class: 'note' }, CM.t('offline')),
    ]);
  }
})(window.CoverageMap);
