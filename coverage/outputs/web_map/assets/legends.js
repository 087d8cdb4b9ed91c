/* What the panel says under a layer that is on: its legend, and what can be chosen about it. */
(function (CM) {
  'use strict';
  const { el, check, select, legendItem } = CM;
  const sub = (children) => el('div', { class: 'sub' }, children);
  const signItem = (sign, text) => el('li', {}, [CM.signSvg(sign), el('span', { class: 'label' }, text)]);

  function villages() {
    const by = CM.state.signs;
    const signs = by === 'fiber' ? CM.FIBER_SIGNS : CM.STATUS_SIGNS;
    return sub([
      select('signs', CM.t('signs'), ['status', 'fiber'].map((id) => [id, CM.t('signs_' + id)]), by, (value) => {
        CM.state.signs = value;
        CM.tell('signs');
        CM.drawPanel();
      }),
      by === 'fiber' ? el('ul', { class: 'legend', id: 'fiber-legend' },
        signs.map((sign, at) => signItem(sign, CM.t('fibers')[at]))) : null,
    ]);
  }

  function sites() {
    const rows = CM.data.operators.map((one) =>
      check('operator-' + one.id, CM.operatorName(one.id), CM.state.operators.has(one.id), (on) => {
        if (on) CM.state.operators.add(one.id);
        else CM.state.operators.delete(one.id);
        CM.tell('operators');
      }, el('i', { class: 'swatch', style: { 'background-color': one.colour } })));
    const shared = el('p', { class: 'check' }, [
      el('i', { class: 'swatch', style: { 'background-color': CM.SHARED_COLOUR } }), el('span', {}, CM.t('shared_site'))]);
    const several = CM.sites.some((row) => new Set(row.cells.map((cell) => cell[0])).size > 1);
    return sub([...rows, several ? shared : null, el('p', { class: 'note' }, CM.t('sectors_note'))]);
  }

  /* By the name of the layer. */
  CM.layerDetails = { villages: villages, sites: sites, communes: () => CM.shadeLegend(),
    ranked: () => CM.proposalChoice() };

  /* Under the choice of technology and operator. */
  CM.surfaceLegend = function (technology) {
    if (CM.state.signal.kind !== 'server' || !CM.serverArea(CM.state.signal)) {
      return [el('ul', { class: 'legend', id: 'signal-legend' }, [
        legendItem(CM.data.classColours[0], CM.t('class_good'), '≥ ' + CM.dbm(technology.good) + ' dBm'),
        legendItem(CM.data.classColours[1], CM.t('class_weak'),
          CM.dbm(technology.weak) + ' … ' + CM.dbm(technology.good) + ' dBm'),
        legendItem(CM.data.classColours[2], CM.t('class_none'), '< ' + CM.dbm(technology.weak) + ' dBm'),
        legendItem('', CM.t('class_unknown'), ''),
      ])];
    }
    if (!CM.canUnpack) return [el('p', { class: 'note' }, CM.t('server_unable'))];
    const any = CM.state.signal.operator === 'any';
    return [
      el('p', { class: 'note' }, CM.t(any ? 'server_by_operator' : 'server_by_site')),
      any ? el('ul', { class: 'legend', id: 'server-legend' },
        CM.data.operators.map((one) => legendItem(one.colour, CM.operatorName(one.id), ''))) : null,
      el('p', { class: 'note' }, CM.t('server_hint')),
    ];
  };

  CM.surfaceChoice = function (change) {
    if (!CM.serverArea(CM.state.signal)) return null;
    return select('surface', CM.t('surface'), ['level', 'server'].map((id) => [id, CM.t('surface_' + id)]),
      CM.state.signal.kind, (value) => change('kind', value));
  };
})(window.CoverageMap);
