/* Villages and communes as one operator or technology has them: statuses, reasons and households with signal are those of
   the chosen network. */
(function (CM) {
  'use strict';
  const FIRST_LETTER = 48;
  const OF_VILLAGES = ['status', 'reason', 'householdsCovered', 'cluster'];
  const STATUSES = ['dead', 'weak', 'covered', 'not_assessed'];
  const OF_COMMUNES = [...STATUSES, 'households_covered'];
  let applied = null;

  CM.network = (operator, technology) =>
    CM.data.networks.of.find((one) => one.operator === operator && one.technology === technology);

  CM.anyNetwork = () => CM.state.filter.operator === 'any' && !CM.state.filter.technology;

  /* Null where villages are as the best of all has them: no choice was made, or the run says nothing of it. */
  CM.chosenNetwork = () =>
    (CM.anyNetwork() ? null : CM.network(CM.state.filter.operator, CM.state.filter.technology) || null);

  CM.networkName = function () {
    const { operator, technology } = CM.state.filter;
    return [operator === 'any' ? CM.t('any_operator') : CM.operatorName(operator), technology.toUpperCase()]
      .filter(Boolean).join(' ');
  };

  const letter = (text, at) => text.charCodeAt(at) - FIRST_LETTER;

  CM.statusUnder = function (village, operator, technology) {
    const network = CM.network(operator, technology);
    return network ? letter(network.status, village.at) : null;
  };

  /* What the run says of the best of all comes back. */
  function restore(row, names) {
    row.own = row.own || Object.fromEntries(names.map((name) => [name, row[name]]));
    Object.assign(row, row.own);
  }

  function put(row, network) {
    restore(row, OF_VILLAGES);
    if (!network) return;
    row.status = letter(network.status, row.at);
    row.reason = CM.data.networks.reasons[letter(network.reason, row.at)] || '';
    row.householdsCovered = network.covered[row.at];
    row.cluster = null; // counted for the whole network only
  }

  /* Of communes by the status of their villages: `householdsOf` and `coveredOf` are there under a network only. */
  function recount(network) {
    for (const row of CM.communes) {
      restore(row, OF_COMMUNES);
      if (!network) continue;
      for (const name of OF_COMMUNES) row[name] = 0;
      row.householdsOf = STATUSES.map(() => 0);
      row.coveredOf = STATUSES.map(() => 0);
    }
    if (!network) return;
    for (const { commune, status, households, householdsCovered } of CM.villages) {
      const row = CM.communes[commune];
      if (!row) continue;
      row[STATUSES[status]] += 1;
      row.households_covered += householdsCovered || 0;
      row.householdsOf[status] += households || 0;
      row.coveredOf[status] += householdsCovered || 0;
    }
  }

  CM.applyNetwork = function () {
    const { operator, technology } = CM.state.filter;
    const key = operator + '/' + technology;
    if (applied === key) return;
    const network = CM.chosenNetwork();
    if (applied !== null || network) {
      for (const row of CM.villages) put(row, network);
      recount(network);
    }
    applied = key;
    if (CM.layers) restyle();
  };

  /* Signs of those that changed, and the worst on top again. */
  function restyle() {
    const markers = CM.layers.villages.getLayers();
    for (const marker of markers) {
      if (marker.options.sign !== CM.villageSign(marker.row)) marker.dress();
    }
    for (const status of [1, 0]) {
      for (const marker of markers) if (marker.row.status === status) marker.bringToFront();
    }
  }

  /* The technologies that the chosen network consists of. */
  const counted = () => CM.data.technologies.filter((one) =>
    (CM.state.filter.technology ? one.id === CM.state.filter.technology : one.inService));

  /* The level at the centre that clears its own threshold best: { level, technology }; null where none was modelled. */
  CM.levelOf = function (village) {
    let best = null;
    for (const technology of counted()) {
      const level = village['dbm_' + CM.state.filter.operator + '_' + technology.id];
      if (level === null || level === undefined) continue;
      const margin = level === 'none' ? -Infinity : level - technology.weak;
      if (!best || margin > best.margin) best = { level: level, technology: technology, margin: margin };
    }
    return best;
  };
})(window.CoverageMap);
