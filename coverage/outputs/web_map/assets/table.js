/* The villages in view as a table: sorted by any column, a page at a time, and a way to each of them. */
(function (CM) {
  'use strict';
  const { el } = CM;
  const ROWS_A_PAGE = 50;
  const collator = new Intl.Collator('vi', { numeric: true });
  let rows = [];
  let held = false; // keeps its rows while it leads from one to the next

  const headings = () => CM.t('headings');
  const number = (name) => ({ key: (row) => row[name], text: (row) => (row[name] === null ? '' : CM.number(row[name])), number: true });
  const yesNo = (flag) => (flag === null ? '' : CM.t(flag ? 'yes' : 'no'));
  const levelKey = (found) => (found === null ? null : found.margin);

  CM.levelText = (found) => (found === null ? '' : found.level === 'none' ? CM.t('class_none')
    : CM.dbm(found.level) + ' ' + found.technology.id.toUpperCase());

  /* heading; `key` to sort by: a number, or text; null goes last. */
  const COLUMNS = {
    name: { head: () => headings().name, key: (row) => row.name },
    commune: { head: () => headings().commune_name, key: (row) => CM.communeName(row.commune) || null },
    status: { head: () => headings().status, key: (row) => row.status, text: (row) => CM.t('statuses')[row.status] },
    reason: { head: () => headings().reason, key: (row) => CM.reasonText(row) },
    households: Object.assign({ head: () => headings().households }, number('households')),
    covered: Object.assign({ head: () => headings().households_covered }, number('householdsCovered')),
    people: Object.assign({ head: () => headings().people }, number('people')),
    power: { head: () => headings().has_power, key: (row) => row.power, text: (row) => yesNo(row.power) },
    level: { head: () => CM.t('best_level'), key: (row) => levelKey(CM.levelOf(row)), text: (row) => CM.levelText(CM.levelOf(row)),
      number: true },
    fiber: { head: () => headings().fiber, key: (row) => row.fiber, text: (row) => CM.t('fibers')[row.fiber] },
    site: { head: () => headings().nearest_site_km, key: (row) => row.siteKm,
      text: (row) => (row.siteKm === null ? '' : CM.number(row.siteKm, 1)), number: true },
  };
  CM.firstTable = () => ({ open: false, by: 'status', down: false, page: 0 });

  /* Sort keys as numbers: text by its place among its likes, so that a name is compared once and not at every step. */
  function keys(list, column) {
    const found = list.map(column.key);
    if (!found.some((key) => typeof key === 'string')) return found;
    const order = new Map([...new Set(found.filter((key) => key !== null))].sort(collator.compare).map((key, at) => [key, at]));
    return found.map((key) => (key === null ? null : order.get(key)));
  }

  CM.sorted = function (list, by, down) {
    const found = keys(list, COLUMNS[by]);
    const turn = down ? -1 : 1;
    return list.map((_, at) => at).sort((a, b) => {
      if (found[a] === found[b]) return a - b;
      if (found[a] === null) return 1;
      if (found[b] === null) return -1;
      return found[a] < found[b] ? -turn : turn;
    }).map((at) => list[at]);
  };

  const place = () => document.getElementById('table');
  const pages = () => Math.max(1, Math.ceil(rows.length / ROWS_A_PAGE));

  CM.makeTable = function () {
    document.body.append(el('section', { id: 'table', hidden: true, onkeydown: key }));
    CM.on('view', () => {
      if (!held) refresh();
    });
    CM.on('filter', refresh);
    CM.on('language', draw);
  };

  CM.openTable = function () {
    document.body.classList.add('table-open');
    CM.closePanelOnPhone();
    place().hidden = false;
    CM.map.invalidateSize({ animate: false });
    CM.state.table.open = true; // from here on it follows the view
    refresh();
    document.getElementById('table-close').focus();
  };

  CM.closeTable = function () {
    if (!CM.state.table.open) return;
    CM.state.table.open = false;
    document.body.classList.remove('table-open');
    place().hidden = true;
    CM.map.invalidateSize({ animate: false });
    const opener = document.getElementById('tool-table');
    if (opener) opener.focus();
  };

  function refresh() {
    held = false;
    if (!CM.state.table.open) return;
    rows = CM.sorted(CM.inView(), CM.state.table.by, CM.state.table.down);
    CM.state.table.page = 0;
    draw();
  }

  function sortBy(name) {
    const table = CM.state.table;
    table.down = table.by === name && !table.down;
    table.by = name;
    table.page = 0;
    rows = CM.sorted(rows, name, table.down);
    draw();
  }

  function turn(by) {
    CM.state.table.page = Math.min(pages() - 1, Math.max(0, CM.state.table.page + by));
    draw();
  }

  function fly(row) {
    held = true;
    if (window.innerWidth <= 760) CM.closeTable();
    CM.goTo({ kind: 'village', row: row });
    held = CM.state.table.open;
    draw();
  }

  function draw() {
    const table = CM.state.table;
    if (!table.open) return;
    const focused = place().contains(document.activeElement) ? document.activeElement.id : '';
    const scrolled = place().querySelector('.rows');
    const same = scrolled && scrolled.dataset.page === String(table.page);
    const [left, top] = [scrolled ? scrolled.scrollLeft : 0, same ? scrolled.scrollTop : 0];
    place().setAttribute('aria-labelledby', 'h-table');
    CM.replace(place(), [bar(table), el('div', { class: 'rows', 'data-page': table.page, tabindex: 0, role: 'region',
      'aria-labelledby': 'h-table' }, [grid(table)])]);
    if (left || top) Object.assign(place().querySelector('.rows'), { scrollLeft: left, scrollTop: top });
    if (focused && document.getElementById(focused)) document.getElementById(focused).focus({ preventScroll: true });
  }

  function bar(table) {
    const button = (id, text, act, off) =>
      el('button', { type: 'button', id: 'table-' + id, onclick: act, disabled: off }, text);
    return el('div', { class: 'table-bar' }, [
      el('h2', { id: 'h-table' }, CM.t('table_title', { count: CM.number(rows.length) })),
      el('p', { class: 'note' }, CM.t(held ? 'table_held' : 'table_help')),
      held ? button('follow', CM.t('table_follow'), refresh) : null,
      button('previous', '‹ ' + CM.t('previous'), () => turn(-1), table.page === 0),
      el('span', { id: 'table-page' }, CM.t('page_of', { page: CM.number(table.page + 1), pages: CM.number(pages()) })),
      button('next', CM.t('next') + ' ›', () => turn(1), table.page >= pages() - 1),
      button('save', CM.t('save_csv'), () => CM.saveCsv(rows)),
      button('close', CM.t('close'), CM.closeTable),
    ]);
  }

  function grid(table) {
    const heads = Object.entries(COLUMNS).map(([name, column]) => {
      const on = table.by === name;
      return el('th', { scope: 'col', class: name + (column.number ? ' number' : ''),
        'aria-sort': on ? (table.down ? 'descending' : 'ascending') : null },
      el('button', { type: 'button', id: 'sort-' + name, onclick: () => sortBy(name) },
        [column.head(), el('span', { 'aria-hidden': 'true' }, on ? (table.down ? ' ▼' : ' ▲') : '')]));
    });
    const from = table.page * ROWS_A_PAGE;
    return el('table', {}, [
      el('thead', {}, el('tr', {}, heads)),
      el('tbody', {}, rows.slice(from, from + ROWS_A_PAGE).map((row, at) => line(row, at))),
    ]);
  }

  function line(row, at) {
    const cells = Object.entries(COLUMNS).filter(([name]) => name !== 'name').map(([name, column]) =>
      el('td', { class: name + (column.number ? ' number' : ''), dir: column.number ? null : 'auto' }, [
        name === 'status' ? CM.signSvg(CM.STATUS_SIGNS[row.status]) : null, (column.text || column.key)(row)]));
    return el('tr', {}, [
      el('th', { scope: 'row' }, el('button', { type: 'button', id: 'row-' + at, tabindex: at ? -1 : 0, dir: 'auto',
        onclick: () => fly(row) }, row.name || row.id)),
      ...cells,
    ]);
  }

  /* Up and down between rows, on to the next page at the end; Escape closes. */
  function key(event) {
    if (event.key === 'Escape') {
      CM.closeTable();
      return;
    }
    const at = /^row-(\d+)$/.exec(document.activeElement.id);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!at || !step) return;
    event.preventDefault();
    let next = Number(at[1]) + step;
    if (next < 0 || next >= Math.min(ROWS_A_PAGE, rows.length - CM.state.table.page * ROWS_A_PAGE)) {
      const before = CM.state.table.page;
      turn(step);
      if (CM.state.table.page === before) return;
      next = step > 0 ? 0 : ROWS_A_PAGE - 1;
    }
    const button = document.getElementById('row-' + next);
    place().querySelectorAll('tbody button').forEach((one) => one.setAttribute('tabindex', one === button ? '0' : '-1'));
    button.focus();
  }
})(window.CoverageMap);
