/* Choosing which villages are looked at, and under which network. */
(function (CM) {
  'use strict';
  const { el, section, check, select } = CM;

  CM.filterSection = function () {
    const filter = CM.state.filter;
    const change = (name, value) => {
      filter[name] = value;
      CM.tell('filter');
    };
    const communes = CM.communes.slice().sort((a, b) => a.name.localeCompare(b.name, 'vi'));
    return section('filters', CM.t('filters'), [
      ...networkPicks(change),
      select('filter-commune', CM.t('commune'),
        [[-1, CM.t('all_communes')], ...communes.map((row) => [row.at, row.name])], filter.commune, (value) => {
          change('commune', Number(value));
          const row = CM.communes[Number(value)];
          if (row && row.shape) CM.fitArea(row);
          else CM.goHome();
        }),
      select('filter-power', CM.t('power_filter'),
        [['', CM.t('power_all')], ['yes', CM.t('power_yes')], ['no', CM.t('power_no')]], filter.power,
        (value) => change('power', value)),
      check('filter-verify', CM.t('verify_only'), filter.verify, (on) => change('verify', on)),
      el('button', { type: 'button', id: 'reset', onclick: () => {
        CM.state.filter = CM.noFilter();
        CM.tell('filter');
      } }, CM.t('reset')),
    ]);
  };

  function networkPicks(change) {
    const networks = CM.data.networks.of;
    if (!networks.length) return [];
    const filter = CM.state.filter;
    const operators = [...new Set(networks.map((one) => one.operator))];
    const technologies = [...new Set(networks.map((one) => one.technology))];
    const service = (id) => CM.data.technologies.find((one) => one.id === id).inService;
    const named = (id) => (id ? id.toUpperCase() + (service(id) ? '' : ' (' + CM.t('off_service') + ')') : CM.t('any_technology'));
    return [
      el('fieldset', { class: 'pair' }, [
        el('legend', {}, CM.t('network')),
        select('filter-operator', CM.t('operator'),
          operators.map((id) => [id, id === 'any' ? CM.t('any_operator') : CM.operatorName(id)]), filter.operator,
          (value) => change('operator', value)),
        select('filter-technology', CM.t('technology'), technologies.map((id) => [id, named(id)]), filter.technology,
          (value) => change('technology', value)),
      ]),
      CM.anyNetwork() ? null : el('p', { class: 'note', id: 'network-note' }, CM.t('network_note', { network: CM.networkName() })),
    ];
  }

  /* What is filtered by, in words, for the print. */
  CM.filterWords = function () {
    const filter = CM.state.filter;
    const statuses = [...filter.statuses].sort().map((at) => CM.t('statuses')[at]);
    return [
      CM.anyNetwork() ? '' : CM.networkName(),
      statuses.length < 4 ? CM.t('status') + ': ' + (statuses.join(', ') || '–') : '',
      filter.commune >= 0 ? CM.communeName(filter.commune) : '',
      filter.power ? CM.t('power_' + filter.power) : '',
      filter.verify ? CM.t('verify_only') : '',
    ].filter(Boolean).join(' · ');
  };
})(window.CoverageMap);
