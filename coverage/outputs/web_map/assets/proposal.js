/* Today against what is proposed: right of the divider, what villages gain once ranks 1 to n are built. */
(function (CM) {
  'use strict';
  const { el, check } = CM;
  const DISC = { shape: 'circle', fill: '#0d5c38', edge: '#ffffff', size: 2.1 };
  const PLUS = { shape: 'plus', fill: '#ffffff', edge: '#ffffff', size: 0.95 };
  const RING = { shape: 'circle', fill: '#ffffff', edge: '#0d5c38', size: 2.1 };
  const [WEAK, COVERED] = [1, 2];
  const LINE = { color: '#0d5c38', weight: 1.4, opacity: 0.8, interactive: false };
  const FAINT = 0.3;

  const built = () => CM.ranked.filter((row) => row.rank <= CM.state.proposal.upto);
  /* The status that sites change is that of all networks, whichever is looked at. */
  const today = (village) => (village.own || village).status;

  /* Village -> its status afterwards. */
  function afterwards() {
    const found = new Map();
    for (const row of built()) {
      for (const village of CM.helpedRows(row)) if (!found.has(village)) found.set(village, today(village));
      for (const village of CM.placedRows(row.improved)) found.set(village, WEAK);
      for (const village of CM.placedRows(row.resolved)) found.set(village, COVERED);
    }
    return found;
  }
  const signs = (was, is) => (was === is ? [DISC, PLUS] : [RING, CM.STATUS_SIGNS[is]]);
  const said = (was, is) => (was === is ? 'gaining' : is === COVERED ? 'resolved' : 'improved');

  CM.makeProposal = function (map, ranked) {
    CM.swipePanes(map, ['after-signs'], 410, true);
    const swipe = CM.makeSwipe(map, [], ['after-signs']);
    const canvas = L.canvas({ pane: 'after-signs', padding: 0.3, tolerance: 4 });
    const common = { renderer: canvas, pane: 'after-signs' };
    const group = L.featureGroup();
    CM.listen(map, group);

    function draw() {
      const on = CM.state.proposal.on && CM.state.layers.ranked;
      group.clearLayers();
      if (on) {
        for (const row of built()) {
          for (const village of CM.helpedRows(row)) {
            group.addLayer(L.polyline([[row.lat, row.lon], [village.lat, village.lon]], Object.assign({}, common, LINE)));
          }
        }
        for (const [row, status] of afterwards()) {
          const [outer, inner] = signs(today(row), status);
          const disc = new CM.Glyph([row.lat, row.lon], Object.assign({ sign: outer }, common));
          disc.tip = () => row.name + ' · ' + CM.t(said(today(row), status));
          disc.card = () => CM.villageCard(row);
          group.addLayer(disc);
          group.addLayer(new CM.Glyph([row.lat, row.lon], Object.assign({ sign: inner, interactive: false }, common)));
        }
      }
      on ? map.addLayer(group) : map.removeLayer(group);
      ranked.eachLayer((marker) => marker.setOpacity(on && marker.row.rank > CM.state.proposal.upto ? FAINT : 1));
      swipe.show(on, [CM.t('today'), CM.t('afterwards')]);
    }
    for (const topic of ['proposal', 'layers', 'language']) CM.on(topic, draw);
  };

  /* In the panel, under the ranked sites. */
  CM.proposalChoice = function () {
    const chosen = CM.state.proposal;
    const last = Math.max(...CM.ranked.map((row) => row.rank));
    const said = el('p', { class: 'note', id: 'proposal-gain' });
    const name = el('span', {});
    const say = () => {
      const rows = built();
      const cost = rows.reduce((sum, row) => sum + row.cost_central_usd, 0);
      const after = afterwards();
      const lifted = (status) => CM.number([...after].filter(([row, is]) => is === status && today(row) !== is).length);
      name.textContent = CM.t('proposal_upto', { rank: CM.number(chosen.upto) });
      said.textContent = CM.t('proposal_gain', {
        villages: CM.number(new Set(rows.flatMap(CM.helpedRows)).size), cost: CM.number(cost),
        households: CM.number(rows.reduce((sum, row) => sum + row.new_households, 0)),
      }) + ' ' + CM.t('proposal_lifts', { resolved: lifted(COVERED), improved: lifted(WEAK) });
    };
    say();
    return el('div', { class: 'sub' }, [
      check('proposal', CM.t('proposal_show'), chosen.on, (on) => {
        chosen.on = on;
        CM.tell('proposal');
        CM.drawPanel();
      }),
      ...(chosen.on ? [
        el('label', { class: 'pick' }, [name, el('input', { type: 'range', id: 'proposal-upto', min: 1, max: last, step: 1,
          value: chosen.upto, oninput: (event) => {
            chosen.upto = Number(event.target.value);
            say();
            CM.tell('proposal');
          } })]),
        said,
        el('p', { class: 'note' }, CM.t('proposal_note')),
        el('ul', { class: 'legend' }, [[RING, CM.STATUS_SIGNS[COVERED], 'resolved'], [RING, CM.STATUS_SIGNS[WEAK], 'improved'],
          [DISC, PLUS, 'gaining']].map(([outer, inner, key]) =>
          el('li', {}, [CM.signSvg(outer, inner), el('span', { class: 'label' }, CM.t(key))]))),
      ] : []),
    ]);
  };
})(window.CoverageMap);
