/* Communes by the indicator of choice. */
(function (CM) {
  'use strict';
  /* From light to dark, so that they read in grey and for every kind of colour vision. */
  CM.RAMPS = {
    bad: ['#fdf0ea', '#f6c9b5', '#e88f76', '#c94f4a', '#8c1d33'],
    good: ['#eef4ea', '#c5dfd0', '#84bcae', '#3f8b8a', '#0f5560'],
  };
  const NO_DATA = '#b9c0c6';

  const villages = (row) => row.dead + row.weak + row.covered; // those assessed
  const households = ([dead, weak, covered]) => dead + weak + covered;

  /* Part and whole of a commune under a network, as the published indicators count. */
  const COUNTED = {
    villages_dead: (row) => [row.dead, villages(row)],
    villages_weak: (row) => [row.weak, row.weak + row.covered],
    villages_covered: (row) => [row.covered, villages(row)],
    households_dead: (row) => [row.householdsOf[0], null],
    households_with_signal: (row) => [households(row.coveredOf), households(row.householdsOf)],
  };

  CM.chosenShade = () => CM.data.shades[CM.state.shade];

  /* The indicator of choice, under the chosen network where it depends on one; `under` names that. */
  CM.shading = function () {
    const shade = CM.chosenShade();
    if (!shade || CM.anyNetwork()) return shade;
    const { operator } = CM.state.filter;
    const published = shade.byOperator[operator];
    if (published) return { ...shade, part: published, under: CM.operatorName(operator) };
    const count = COUNTED[shade.id];
    if (!count || !CM.chosenNetwork()) return shade;
    const counts = CM.communes.map(count);
    return { ...shade, part: counts.map(([part]) => part), whole: shade.whole && counts.map(([, whole]) => whole),
      under: CM.networkName() };
  };

  const shadeName = (shade) => CM.t('shades')[CM.state.shade] + (shade.under ? ' (' + shade.under + ')' : '');

  /* As many colours of the ramp as there are classes, its ends among them. */
  CM.shadeColours = (shade) => shade.from.map((_, at) =>
    CM.RAMPS[shade.kind][shade.from.length > 1 ? Math.round((at * 4) / (shade.from.length - 1)) : 0]);

  CM.shadeClass = function (shade, at) {
    const [part, whole] = [shade.part[at], shade.whole && shade.whole[at]];
    if (part === null || (shade.whole && !whole)) return -1;
    const value = shade.whole ? (100 * part) / whole : part;
    return shade.from.filter((from) => value >= from).length - 1;
  };

  CM.shadeText = function (shade, at) {
    if (CM.shadeClass(shade, at) < 0) return CM.t('no_data');
    if (!shade.whole) return CM.t('households_in', { count: CM.number(shade.part[at]) });
    return CM.percent(shade.part[at], shade.whole[at]) + ' (' + CM.number(shade.part[at]) + '/' + CM.number(shade.whole[at]) + ')';
  };

  const colour = (shade, at) => CM.shadeColours(shade)[CM.shadeClass(shade, at)] || NO_DATA;

  CM.shadedCommunes = function (canvas) {
    const group = L.featureGroup();
    const shade = CM.shading();
    for (const row of CM.communes) {
      if (!row.shape || !shade) continue;
      const area = L.polygon(CM.area(row.shape), {
        renderer: canvas, stroke: false, fillColor: colour(shade, row.at), fillOpacity: 0.78, smoothFactor: 0.5,
      });
      area.row = row;
      area.tip = () => {
        const now = CM.shading();
        return row.name + ' · ' + shadeName(now) + ' ' + CM.shadeText(now, row.at);
      };
      area.card = () => CM.communeCard(row);
      group.addLayer(area);
    }
    const paint = () => {
      const now = CM.shading();
      group.eachLayer((area) => area.setStyle({ fillColor: colour(now, area.row.at) }));
    };
    CM.on('shade', paint);
    CM.on('filter', paint);
    return group;
  };

  CM.shadeLegend = function () {
    const shade = CM.shading();
    const classes = CM.communes.map((row) => CM.shadeClass(shade, row.at));
    const count = (wanted) => CM.t('communes_in', { count: CM.number(classes.filter((one) => one === wanted).length) });
    const text = (at) => {
      const [from, to] = [shade.from[at], shade.from[at + 1]];
      if (to === undefined) return '≥ ' + CM.number(from);
      return shade.whole ? CM.number(from) + '–' + CM.number(to) : to - from > 1 ? CM.number(from) + '–' + CM.number(to - 1)
        : CM.number(from);
    };
    const items = CM.shadeColours(shade).map((tint, at) => CM.legendItem(tint, text(at), count(at)));
    if (classes.includes(-1)) items.push(CM.legendItem(NO_DATA, CM.t('no_data'), count(-1)));
    return CM.el('div', { class: 'sub' }, [
      CM.select('shade', CM.t('indicator'), CM.t('shades').map((name, at) => [at, name]), CM.state.shade, (value) => {
        CM.state.shade = Number(value);
        CM.tell('shade');
        CM.drawPanel();
      }),
      CM.el('p', { class: 'note' }, shadeName(shade) + ', ' + CM.t(shade.whole ? 'in_percent' : 'in_households')),
      CM.el('ul', { class: 'legend', id: 'shade-legend' }, items),
    ]);
  };
})(window.CoverageMap);
