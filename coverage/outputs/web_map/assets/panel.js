/* The bar and the panel: counts, filters, layers with their legend, and where it all comes from. */
(function (CM) {
  'use strict';
  const { el, section, check, select, lineSvg } = CM;

  CM.drawBar = function () {
    const meta = CM.data.meta;
    CM.fillBar([meta.province, CM.t('as_of') + ' ' + CM.t('asOfDate'),
      meta.edition === 'partner' ? CM.t('partner', { operator: CM.operatorName(meta.operator) }) : '']);
  };

  CM.drawPanel = () => CM.fillPanel([summary(), CM.inViewSection(), CM.filterSection(), signal(), layers(), about()]);

  function summary() {
    const rows = CM.villages.filter(CM.passes);
    const counts = [0, 0, 0, 0];
    const households = [0, 0, 0, 0];
    for (const row of rows) {
      counts[row.status] += 1;
      households[row.status] += row.households || 0;
    }
    const all = rows.length;
    const unplaced = rows.filter((row) => row.lat === null || row.lon === null).length;
    const status = (at) => check('status-' + at, CM.t('statuses')[at], CM.state.filter.statuses.has(at), (on) => {
      if (on) CM.state.filter.statuses.add(at);
      else CM.state.filter.statuses.delete(at);
      CM.tell('filter');
    }, CM.signSvg(CM.STATUS_SIGNS[at]), el('span', { class: 'count' }, [
      el('b', {}, CM.number(counts[at])), el('small', {}, CM.t('households_in', { count: CM.number(households[at]) })),
    ]));
    return section('summary', CM.t('layer_villages'), [
      el('div', { class: 'headline' }, [
        el('p', {}, [el('b', { id: 'headline' }, CM.percent(all - counts[0], all)), el('span', {}, CM.t('headline'))]),
        el('p', {}, [el('b', { id: 'strict' }, CM.percent(counts[2], all)), el('span', {}, CM.t('strict'))]),
      ]),
      bar(counts, all),
      el('div', { class: 'statuses' }, [0, 1, 2, 3].map(status)),
      el('p', { class: 'note', id: 'total' }, [
        CM.t('villages') + ': ' + CM.number(all),
        unplaced ? CM.t('unplaced', { count: CM.number(unplaced) }) : '',
      ].filter(Boolean).join(' · ')),
    ]);
  }

  function bar(counts, all) {
    return el('div', { class: 'bar', 'aria-hidden': 'true' }, counts.map((count, at) =>
      el('i', { class: 'bar-' + at, style: { 'flex-grow': String(all ? count : 0) } })));
  }

  function signal() {
    const chosen = CM.state.signal;
    if (!CM.data.signal.length) return null;
    const technology = CM.data.technologies.find((one) => one.id === chosen.technology);
    const change = (name, value) => {
      chosen[name] = value;
      if (name === 'on' && value) CM.oneSurface('signal');
      const there = CM.data.signal.some((one) => one.operator === chosen.operator && one.technology === chosen.technology);
      if (!there && name === 'technology') chosen.operator = offered('operator', 'technology', value)[0];
      CM.tell('signal');
      CM.drawPanel();
    };
    const names = [...new Set(CM.data.signal.map((one) => one.technology))];
    return section('signal', CM.t('signal'), [
      check('show-signal', CM.t('show_signal'), chosen.on, (on) => change('on', on)),
      el('div', { class: 'pair' }, [
        select('technology', CM.t('technology'), names.map((id) => [id, technologyName(id)]), chosen.technology,
          (value) => change('technology', value)),
        select('operator', CM.t('operator'),
          offered('operator', 'technology', chosen.technology).map((id) => [id, CM.operatorName(id)]), chosen.operator,
          (value) => change('operator', value)),
      ]),
      CM.surfaceChoice(change),
      el('label', { class: 'pick' }, [
        el('span', {}, CM.t('opacity')),
        el('input', { type: 'range', id: 'opacity', min: 10, max: 100, step: 5, value: Math.round(chosen.opacity * 100),
          oninput: (event) => {
            chosen.opacity = Number(event.target.value) / 100;
            CM.tell('signal');
          } }),
      ]),
      ...CM.surfaceLegend(technology),
    ]);
  }

  const offered = (name, by, value) => [...new Set(CM.data.signal.filter((one) => one[by] === value).map((one) => one[name]))];
  const technologyName = (id) => {
    const technology = CM.data.technologies.find((one) => one.id === id);
    return id.toUpperCase() + (technology.inService ? '' : ' (' + CM.t('off_service') + ')');
  };

  function layers() {
    const has = CM.data;
    const sign = {
      ranked: el('span', { class: 'rank', 'aria-hidden': 'true' }, el('b', {}, '1')),
      communes: el('i', { class: 'swatch', style: { 'background-color': CM.RAMPS.bad[3] } }),
      sites: CM.signSvg({ shape: 'square', fill: CM.SHARED_COLOUR, edge: '#fff' }),
      routes: lineSvg(CM.LINES.routes), plan: lineSvg(CM.LINES.plan), roads: lineSvg(CM.LINES.roads),
      borders: lineSvg({ color: '#44505c', weight: 1 }),
      relief: el('i', { class: 'swatch relief-sign' }),
      water: el('i', { class: 'swatch', style: { 'background-color': CM.WATER } }),
      villages: CM.signSvg(CM.STATUS_SIGNS[2]), tiles: el('i', { class: 'swatch clear' }),
    };
    const present = {
      villages: CM.villages.length, ranked: CM.ranked.length, plan: CM.plan.length, sites: CM.sites.length,
      routes: CM.routes.length + CM.nodes.length, communes: has.shades.length, borders: CM.communes.length, roads: has.roads.length,
      water: has.water ? 1 : CM.rivers.length, relief: 1, tiles: CM.layers.tiles ? 1 : 0,
    };
    const rows = [];
    for (const name of Object.keys(present)) {
      if (!present[name]) continue;
      rows.push(check('layer-' + name, CM.t('layer_' + name), CM.state.layers[name], (on) => {
        CM.state.layers[name] = on;
        if (name === 'communes' && on) CM.oneSurface('communes');
        CM.tell('layers');
        CM.drawPanel();
      }, sign[name]));
      if (CM.state.layers[name] && name in CM.layerDetails) rows.push(CM.layerDetails[name]());
    }
    return section('layers', CM.t('layers'), rows);
  }

  function about() {
    const meta = CM.data.meta;
    const pair = (name, value) => (value ? el('div', {}, [el('dt', {}, name), el('dd', { dir: 'auto' }, value)]) : null);
    return section('about', CM.t('about'), [
      el('dl', {}, [
        pair(CM.t('as_of'), CM.t('asOfDate')), pair(CM.t('definition'), meta.definition), pair(CM.t('source'), meta.source),
      ]),
      meta.edition === 'partner'
        ? el('p', { class: 'note' }, CM.t('partner_note', { metres: CM.number(meta.redactionM) })) : null,
      el('p', { class: 'note' }, CM.t('model_note')),
      el('p', { class: 'note' }, CM.layers.tiles ? '' : CM.t('offline')),
    ]);
  }
})(window.CoverageMap);
