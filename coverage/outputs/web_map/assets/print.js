/* A sheet of paper: title, map, legend, scale, north, date and source; the map itself moves onto it and back. */
(function (CM) {
  'use strict';
  const { el } = CM;
  const PAPERS = { a4: [210, 297], a3: [297, 420] };
  const PX_PER_MM = 96 / 25.4;
  const AROUND_M = 2 * Math.PI * 6378137; // the equator of the projection
  const ROUND = [1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 7.5, 8, 10];
  const chosen = { paper: 'a4', turn: 'landscape' };
  let before = null; // where the map was

  /* The next round number of a scale, 1 : 250 000. */
  CM.roundScale = function (scale) {
    const power = 10 ** Math.floor(Math.log10(scale));
    return Math.round(ROUND.find((one) => one * power >= scale * (1 - 1e-9)) * power);
  };

  /* How many times smaller the paper is than the ground at the middle of the map. */
  const scaleAt = (zoom, centre) =>
    ((AROUND_M * Math.cos((centre.lat * Math.PI) / 180)) / (256 * 2 ** zoom)) * PX_PER_MM * 1000;

  CM.openPrint = function () {
    if (before) return;
    CM.stopMeasure();
    CM.closeTable();
    const map = CM.map.getContainer();
    before = { next: map.nextSibling, bounds: CM.map.getBounds(), centre: CM.map.getCenter(), zoom: CM.map.getZoom(),
      retina: L.Browser.retina, snap: CM.map.options.zoomSnap };
    L.Browser.retina = true; // canvases at twice the pixels: paper is finer than a screen
    CM.map.options.zoomSnap = 0;
    CM.map.closePopup();
    document.body.classList.add('printing');
    document.body.append(el('section', { id: 'print', onkeydown: (event) => event.key === 'Escape' && CM.closePrint() }));
    lay();
    const first = document.getElementById('print-paper');
    if (first) first.focus();
  };

  CM.closePrint = function () {
    if (!before) return;
    const { next, centre, zoom, retina, snap } = before;
    before = null;
    L.Browser.retina = retina;
    CM.map.options.zoomSnap = snap;
    document.body.insertBefore(CM.map.getContainer(), next);
    document.getElementById('print').remove();
    document.body.classList.remove('printing');
    CM.map.invalidateSize({ animate: false, pan: false });
    CM.map.setView(centre, zoom, { animate: false, reset: true });
    document.getElementById('tool-print').focus();
  };

  function lay() {
    const [short, long] = PAPERS[chosen.paper];
    const [width, height] = chosen.turn === 'landscape' ? [long, short] : [short, long];
    const sheet = el('div', { id: 'sheet', class: chosen.paper + '-' + chosen.turn,
      style: { width: width + 'mm', height: height - 0.5 + 'mm' } }, [
      el('header', {}, heading()),
      el('div', { class: 'sheet-map' }, [
        CM.map.getContainer(), el('div', { class: 'sheet-north' }, [CM.northSign()]), el('p', { id: 'print-scale' }, ''),
      ]),
      el('aside', {}, legend()),
      el('footer', {}, footer()),
    ]);
    CM.replace(document.getElementById('print'), [controls(), el('div', { class: 'desk' }, [sheet])]);
    CM.map.invalidateSize({ animate: false, pan: false });
    const whole = L.latLngBounds(CM.data.view);
    const bounds = before.bounds.contains(whole) ? whole.pad(0.04) : before.bounds;
    const zoom = CM.map.getBoundsZoom(bounds);
    const wanted = CM.roundScale(scaleAt(zoom, bounds.getCenter()));
    CM.map.setView(bounds.getCenter(), zoom + Math.log2(scaleAt(zoom, bounds.getCenter()) / wanted), { animate: false, reset: true });
    document.getElementById('print-scale').textContent = CM.t('scale_about', { scale: CM.number(wanted) });
    fitToScreen();
  }

  function controls() {
    const change = (name, value) => {
      chosen[name] = value;
      lay();
      document.getElementById('print-' + name).focus();
    };
    return el('div', { class: 'print-bar', role: 'group', 'aria-label': CM.t('print_title') }, [
      el('h2', {}, CM.t('print_title')),
      CM.select('print-paper', CM.t('paper'), [['a4', 'A4'], ['a3', 'A3']], chosen.paper, (value) => change('paper', value)),
      CM.select('print-turn', CM.t('turn'), ['landscape', 'portrait'].map((name) => [name, CM.t(name)]), chosen.turn,
        (value) => change('turn', value)),
      el('button', { type: 'button', id: 'print-now', onclick: () => window.print() }, CM.t('print_now')),
      el('button', { type: 'button', id: 'print-close', onclick: CM.closePrint }, CM.t('close')),
    ]);
  }

  function heading() {
    const meta = CM.data.meta;
    const filters = CM.filterWords();
    return [
      el('h1', { dir: 'auto' }, meta.title),
      el('p', { dir: 'auto' }, [meta.province, CM.t('as_of') + ' ' + CM.t('asOfDate'),
        meta.edition === 'partner' ? CM.t('partner', { operator: CM.operatorName(meta.operator) }) : ''].filter(Boolean).join(' · ')),
      filters ? el('p', { class: 'sheet-filters', dir: 'auto' }, CM.t('filtered_by') + ': ' + filters) : null,
    ];
  }

  /* What is switched on, as the panel shows it: its signs and names without the boxes. */
  function legend() {
    return [
      el('h2', {}, CM.t('legend')),
      CM.state.layers.villages ? villageLegend() : null,
      surfaceLegend(),
      ...layerLegend(),
    ];
  }

  function villageLegend() {
    const fiber = document.getElementById('fiber-legend');
    if (fiber) return block(CM.t('villages') + ': ' + CM.t('signs_fiber'), copy(fiber));
    const counts = CM.indicators(CM.villages.filter(CM.shown)).counts;
    return block(CM.t('layer_villages'), el('ul', {}, counts.map((count, at) => (CM.state.filter.statuses.has(at)
      ? el('li', {}, [CM.signSvg(CM.STATUS_SIGNS[at]), el('span', {}, CM.t('statuses')[at]), el('b', {}, CM.number(count))])
      : null))));
  }

  const block = (title, list) => el('section', {}, [el('h3', {}, title), list]);

  function surfaceLegend() {
    const shown = CM.state.signal;
    const panel = document.querySelector('#signal .legend');
    if (!shown.on || !panel) return null;
    const title = CM.t(shown.kind === 'server' ? 'surface_server' : 'signal');
    return block(title + ': ' + CM.operatorName(shown.operator) + ' ' + shown.technology.toUpperCase(), copy(panel));
  }

  function layerLegend() {
    const rows = [];
    const blocks = [];
    for (const box of document.querySelectorAll('#layers > .check > input:checked')) {
      const row = box.parentNode;
      if (box.id === 'layer-villages') continue;
      const under = row.nextElementSibling;
      if (under && under.classList.contains('sub')) {
        const name = row.querySelector('.label').textContent;
        const details = [...under.children].map(copy).filter((one) => one.textContent.trim() && !one.matches('.pick'));
        if (details.length) blocks.push(block(name, el('div', {}, details)));
        else rows.push(signs(row, box));
      } else rows.push(signs(row, box));
    }
    return rows.length ? [...blocks, block(CM.t('layers'), el('ul', {}, rows))] : blocks;
  }

  const signs = (row, box) => el('li', {}, [...row.children].filter((one) => one !== box).map(copy));

  /* Without what can be worked; what is not ticked is left empty. */
  function copy(node) {
    const twin = node.cloneNode(true);
    for (const one of [twin, ...twin.querySelectorAll('[id]')]) one.removeAttribute('id');
    if (twin.querySelector('input[type="checkbox"]:not(:checked)')) twin.replaceChildren();
    for (const box of twin.querySelectorAll('input, select, button')) box.remove();
    return twin;
  }

  function footer() {
    const meta = CM.data.meta;
    const today = new Date().toLocaleDateString(CM.state.language === 'vi' ? 'vi-VN' : 'en-GB');
    return [
      meta.source ? el('p', { dir: 'auto' }, CM.t('source') + ': ' + meta.source) : null,
      el('p', {}, [CM.t('definition') + ': ' + meta.definition, CM.t('map_datum'), CM.t('printed_on') + ' ' + today].join(' · ')),
      CM.anyNetwork() ? null : el('p', {}, CM.t('network_note', { network: CM.networkName() })),
      el('p', {}, CM.t('model_note')),
    ];
  }

  /* Shrunk to the width of the window, on screen only. */
  function fitToScreen() {
    const desk = document.querySelector('.desk');
    const sheet = document.getElementById('sheet');
    const room = desk.clientWidth - 2 * parseFloat(getComputedStyle(desk).paddingLeft);
    sheet.style.setProperty('--fit', String(Math.min(1, room / sheet.offsetWidth)));
  }

  CM.makePrint = function () {
    let own = false; // opened by the browser's own command
    window.addEventListener('beforeprint', () => {
      own = !before;
      CM.openPrint();
    });
    window.addEventListener('afterprint', () => own && CM.closePrint());
  };
})(window.CoverageMap);
