/* Villages as one operator or technology has them: their status, reason and households are those of the chosen network. */
(function (CM) {
  'use strict';
  const FIRST_LETTER = 48;
  const OWN = ['status', 'reason', 'householdsCovered', 'cluster'];
  let applied = null;

  CM.network = (operator, technology) =>
    CM.data.networks.of.find((one) => one.operator === operator && one.technology === technology);

  CM.anyNetwork = () => CM.state.filter.operator === 'any' && !CM.state.filter.technology;

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

  function put(row, network) {
    row.own = row.own || Object.fromEntries(OWN.map((name) => [name, row[name]]));
    if (!network) {
      Object.assign(row, row.own);
      return;
    }
    row.status = letter(network.status, row.at);
    row.reason = CM.data.networks.reasons[letter(network.reason, row.at)] || '';
    row.householdsCovered = network.covered[row.at];
    row.cluster = null; // counted for the whole network only
  }

  /* True where the villages are other ones than before. */
  CM.applyNetwork = function () {
    const { operator, technology } = CM.state.filter;
    const key = operator + '/' + technology;
    if (applied === key) return;
    const network = CM.anyNetwork() ? null : CM.network(operator, technology);
    if (applied !== null || network) for (const row of CM.villages) put(row, network);
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
