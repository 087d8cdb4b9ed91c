/* Everything known about one thing on the map. */
(function (CM) {
  'use strict';
  const { el, card, facts, count, place } = CM;
  const CLASS_MARKS = { good: '●', weak: '◐', none: '○' };

  CM.signalClass = function (level, technology) {
    if (level === null || level === undefined) return 'unknown';
    if (level === 'none') return 'none'; // no cell reaches: nothing to put a number on
    return level >= technology.good ? 'good' : level >= technology.weak ? 'weak' : 'none';
  };

  const yesNo = (flag) => (flag === null ? CM.t('unknown') : CM.t(flag ? 'yes' : 'no'));
  CM.communeName = (at) => (at >= 0 ? CM.data.communes.name[at] : '');

  CM.villageCard = function (village) {
    const sign = CM.STATUS_SIGNS[village.status];
    const covered = village.householdsCovered;
    const named = village.lat !== null && village.lon !== null;
    return card(CM.t('village'), village.name, [
      el('p', { class: 'where', dir: 'auto' }, CM.communeName(village.commune)),
      el('p', { class: 'status' }, [CM.signSvg(sign), el('strong', {}, CM.t('statuses')[village.status]),
        CM.anyNetwork() ? null : el('span', {}, '(' + CM.networkName() + ')')]),
      el('p', { class: 'why' }, [
        el('span', {}, CM.t('why') + ': '),
        el('span', {}, CM.reasonText(village) + '.'),
      ]),
      village.status === 3 ? null : el('ul', { class: 'rules' }, rules(village).map((text) => el('li', {}, text))),
      village.verify ? el('p', { class: 'verify' }, CM.t('verify')) : null,
      levelTable(village),
      facts([
        [CM.t('households'), count(village.households)],
        [CM.t('households_covered'), covered === null ? null
          : count(covered) + (village.households ? ' (' + CM.percent(covered, village.households) + ')' : '')],
        [CM.t('people'), count(village.people)],
        [CM.t('power'), yesNo(village.power)],
        [CM.t('programme'), village.programme === null ? null : yesNo(village.programme)],
        [CM.t('fiber'), fiberText(village)],
        [CM.t('nearest_site'), village.siteKm === null ? null : CM.km(village.siteKm)],
        [CM.t('status_indoors'), village.indoors === null ? null : CM.t('statuses')[village.indoors]],
        [CM.t('probability'), village.probability === null ? null : CM.percent(village.probability, 1)],
        [CM.t('households_from'), CM.t('householdsFrom')[village.householdsFrom]],
        [CM.t('people_estimated'), count(village.peopleEstimated)],
        [CM.t('former_commune'), village.former],
        [CM.t('commune_code'), village.commune >= 0 ? CM.data.communes.code[village.commune] : null],
        [CM.t('village_id'), village.id],
        [CM.t('coordinates'), place(village.lat, village.lon)],
        [CM.t('vn2000'), named ? CM.vn2000Text(village.lat, village.lon) + ' (' + CM.meridianText() + ')' : null],
      ]),
    ]);
  };

  CM.reasonText = function (village) {
    if (village.reason === 'unserved_cluster' && village.cluster !== null)
      return CM.t('cluster_reason', { households: CM.number(village.cluster) });
    return CM.t('reasons')[village.reason] || village.reason || '–';
  };

  /* What was found, beside what the definition asks for. */
  function rules(village) {
    const asked = CM.data.rules;
    const found = CM.levelOf(village);
    const { households, householdsCovered: covered } = village;
    const said = [];
    if (found && found.level === 'none') said.push(CM.t('rule_out_of_reach'));
    else if (found) {
      said.push(CM.t('rule_centre', { level: CM.dbm(found.level), network: found.technology.id.toUpperCase(),
        weak: CM.dbm(found.technology.weak), good: CM.dbm(found.technology.good) }));
    }
    if (households && covered !== null) {
      said.push(CM.t('rule_share', { percent: CM.percent(covered, households), needed: CM.number(asked.coveredPercent) }));
    }
    if (village.cluster) {
      said.push(CM.t('rule_cluster', { households: CM.number(village.cluster), limit: CM.number(asked.clusterHouseholds) }));
    }
    if (village.verify && village.status === 0) said.push(CM.t('rule_verify', { needed: CM.number(asked.verifyPercent) }));
    return said;
  }

  function fiberText(village) {
    const parts = [CM.t('fibers')[village.fiber]];
    if (village.fiberKm !== null) parts.push(CM.km(village.fiberKm));
    if (village.routePasses) parts.push(CM.t('route_passes'));
    return parts.join(' · ');
  }

  function levelTable(village) {
    const technologies = CM.data.technologies.filter((one) => 'dbm_any_' + one.id in village);
    if (!technologies.length) return null;
    const operators = ['any', ...CM.data.operators.map((one) => one.id)];
    const head = technologies.map((one) =>
      el('th', { scope: 'col', class: one.inService ? null : 'off', title: one.inService ? null : CM.t('off_service') },
        one.id.toUpperCase()));
    const judged = operators.some((operator) => CM.network(operator, ''));
    const body = operators.map((operator) =>
      el('tr', { class: operator === 'any' ? 'best' : null }, [
        el('th', { scope: 'row' }, operator === 'any' ? CM.t('any') : CM.operatorName(operator)),
        ...technologies.map((one) => levelCell(village['dbm_' + operator + '_' + one.id], one)),
        judged ? statusCell(CM.statusUnder(village, operator, '')) : null,
      ]));
    return el('table', { class: 'levels' }, [
      el('caption', {}, CM.t('level_at_centre')),
      el('thead', {}, el('tr', {}, [el('td', {}), ...head, judged ? el('th', { scope: 'col' }, CM.t('status')) : null])),
      el('tbody', {}, body),
    ]);
  }

  function statusCell(status) {
    if (status === null) return el('td', { class: 'unknown' }, '–');
    return el('td', { title: CM.t('statuses')[status] }, [
      CM.signSvg(CM.STATUS_SIGNS[status]), el('span', { class: 'unseen' }, CM.t('statuses')[status])]);
  }

  function levelCell(level, technology) {
    const kind = CM.signalClass(level, technology);
    if (kind === 'unknown') return el('td', { class: 'unknown', title: CM.t('not_modelled') }, '–');
    return el('td', { class: kind, title: CM.t('class_' + kind) }, [
      el('span', { class: 'mark', 'aria-hidden': 'true' }, CLASS_MARKS[kind]), level === 'none' ? '' : CM.dbm(level),
    ]);
  }

  CM.communeCard = function (commune) {
    const counts = ['dead', 'weak', 'covered', 'not_assessed'];
    return card(CM.t('commune'), commune.name, [
      el('p', { class: 'where' }, commune.code),
      CM.anyNetwork() ? null : el('p', { class: 'note' }, CM.networkName()),
      facts([
        [CM.t('villages'), count(commune.villages)],
        ...counts.map((name, at) => [CM.t('statuses')[at],
          count(commune[name]) + ' (' + CM.percent(commune[name], commune.villages) + ')']),
        [CM.t('households'), count(commune.households)],
        [CM.t('households_covered'), count(commune.households_covered) +
          ' (' + CM.percent(commune.households_covered, commune.households) + ')'],
        [CM.t('fibers')[0], CM.t('of', { part: count(commune.fiber_served), all: count(commune.villages) })],
      ]),
    ]);
  };

  CM.siteCard = function (site, before) {
    const technologies = CM.data.technologies;
    const operators = [...new Set(site.cells.map((cell) => cell[0]))];
    const stations = new Set(site.cells.map((cell) => cell[0] + '/' + cell[1])).size;
    const azimuth = (cell) => (cell[3] === null ? CM.t('omni') : cell[3] + '°');
    const shown = (value, unit) => (value === null ? '–' : CM.number(value, value % 1 ? 1 : 0) + unit);
    return card(CM.t('site'), site.id, [
      before,
      el('p', { class: 'where' }, CM.t('stations', { count: stations })),
      ...operators.map((operator) =>
        el('table', { class: 'cells' }, [
          el('caption', {}, operator < 0 ? CM.t('unknown') : CM.operatorName(CM.data.operators[operator].id)),
          el('thead', {}, el('tr', {}, ['technology', 'freq', 'azimuth', 'tilt', 'height', 'eirp'].map((key) =>
            el('th', { scope: 'col' }, CM.t(key))))),
          el('tbody', {}, site.cells.filter((cell) => cell[0] === operator).map((cell) =>
            el('tr', {}, [
              el('td', {}, technologies[cell[1]].id.toUpperCase()),
              el('td', {}, shown(cell[2], '')), el('td', {}, azimuth(cell)), el('td', {}, shown(cell[4], '°')),
              el('td', {}, shown(cell[5], ' m')), el('td', {}, shown(cell[6], '')),
            ]))),
        ])),
      facts([
        [CM.t('coordinates'), place(site.lat, site.lon)],
        [CM.t('vn2000'), CM.vn2000Text(site.lat, site.lon) + ' (' + CM.meridianText() + ')'],
      ]),
    ]);
  };

  function costText(row) {
    return CM.t('cost_range', {
      central: count(row.cost_central_usd), low: count(row.cost_low_usd), high: count(row.cost_high_usd),
    });
  }

  /* What the map points out, and what it cannot. */
  function pointedOut(row, key, named) {
    const shown = CM.helpedRows(row).length;
    const missing = named - shown;
    return [
      shown ? el('p', { class: 'note' }, CM.t(key, { shown: CM.number(shown) })) : null,
      missing > 0 ? el('p', { class: 'note' }, CM.t('not_pointed_out', { count: CM.number(missing) })) : null,
    ];
  }
  const names = (text) => (text || '').split('; ').filter(Boolean);
  const operatorNames = (text) => names(text).map((id) => CM.operatorName(id)).join(', ');

  CM.rankedCard = (row) =>
    card(CM.t('rank', { rank: row.rank }) + ' · ' + row.technology.toUpperCase(), row.site_id, [
      el('p', { class: 'where', dir: 'auto' }, [CM.t('kinds')[row.kind], row.commune_name].filter(Boolean).join(' · ')),
      ...pointedOut(row, 'lines_shown', names(row.villages).length),
      facts([
        [CM.t('new_households'), count(row.new_households)],
        ['– ' + CM.t('in_dead'), count(row.new_households_dead)],
        ['– ' + CM.t('in_weak'), count(row.new_households_weak)],
        [CM.t('helped'), row.villages],
        [CM.t('resolved'), row.villages_resolved],
        [CM.t('improved'), row.villages_improved],
        [CM.t('operators_helped'), operatorNames(row.operators)],
        [CM.t('cumulative'), count(row.cumulative_households)],
        [CM.t('cumulative_share'), row.cumulative_percent === null ? null : CM.number(row.cumulative_percent, 1) + '%'],
        [CM.t('cost'), costText(row)],
        [CM.t('height'), row.height_m === null ? null : CM.number(row.height_m) + ' m'],
        [CM.t('site_power'), CM.t('powers')[row.power] || row.power],
        [CM.t('access'), CM.t('accesses')[row.access] || row.access],
        [CM.t('slope'), row.slope_deg === null ? null : CM.number(row.slope_deg) + '°'],
        [CM.t('backhaul'), row.backhaul && (CM.t('backhauls')[row.backhaul] || row.backhaul) +
          (row.backhaul_km === null ? '' : ' · ' + CM.km(row.backhaul_km))],
        [CM.t('via'), row.via],
        [CM.t('why'), row.reason],
        [CM.t('coordinates'), place(row.lat, row.lon)],
      ]),
    ]);

  CM.planCard = (row) =>
    card(CM.t('layer_plan'), CM.t('rank', { rank: row.rank }), [
      ...pointedOut(row, 'rings_shown', row.villages_gained || names(row.villages).length),
      facts([
        [CM.t('length'), row.length_km === null ? null : CM.km(row.length_km)],
        [CM.t('households'), count(row.households)],
        [CM.t('cost'), costText(row)],
        [CM.t('connected'), row.villages],
        [CM.t('centres_joined'), row.centres],
        [CM.t('feeds'), row.feeds.join(', ')],
      ]),
    ]);

  CM.nodeCard = (row) =>
    card(CM.t('fiber_node'), row.name || '–', [
      facts([
        [CM.t('operator'), row.operator && CM.operatorName(row.operator)],
        [CM.t('kind'), row.kind],
        [CM.t('coordinates'), place(row.lat, row.lon)],
      ]),
    ]);

  CM.routeCard = (row) =>
    card(CM.t('route'), row.name || '–', [
      facts([
        [CM.t('operator'), row.operator && CM.operatorName(row.operator)],
        [CM.t('length'), row.km === null ? null : CM.km(row.km)],
      ]),
    ]);
})(window.CoverageMap);
