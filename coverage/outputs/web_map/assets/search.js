/* Finding a village, commune or site by name, with or without accents. */
(function (CM) {
  'use strict';
  const el = CM.el;
  const MOST = 12;

  function entries() {
    const found = [];
    for (const row of CM.communes) found.push({ kind: 'commune', name: row.name, also: row.code, row: row });
    for (const row of CM.villages) {
      found.push({ kind: 'village', name: row.name, also: CM.communeName(row.commune), row: row });
    }
    for (const row of CM.sites) found.push({ kind: 'site', name: row.id, also: '', row: row });
    for (const entry of found) {
      entry.key = CM.fold(entry.name);
      entry.more = CM.fold(entry.name + ' ' + entry.also);
    }
    return found;
  }

  CM.find = function (text) {
    const asked = CM.fold(text);
    if (!asked) return [];
    const words = asked.split(' ');
    const rank = (entry) => (entry.key === asked ? 0 : entry.key.startsWith(asked) ? 1 : entry.key.includes(asked) ? 2 : 3);
    CM.entries = CM.entries || entries();
    return CM.entries
      .filter((entry) => words.every((word) => entry.more.includes(word)))
      .map((entry) => [rank(entry), entry])
      .sort((a, b) => a[0] - b[0] || a[1].name.length - b[1].name.length)
      .slice(0, MOST)
      .map((pair) => pair[1]);
  };

  CM.goTo = function (entry) {
    const row = entry.row;
    if (entry.kind === 'commune') {
      if (row.shape) CM.fitArea(row);
      CM.openCard(CM.communeCard(row), CM.map.getCenter());
      return;
    }
    const card = entry.kind === 'village' ? CM.villageCard(row) : CM.siteCard(row);
    if (entry.kind === 'site' && !CM.state.layers.sites) {
      CM.state.layers.sites = true;
      CM.tell('layers');
      CM.drawPanel();
    }
    const known = row.lat !== null && row.lon !== null;
    if (known) CM.map.setView([row.lat, row.lon], Math.max(13, CM.map.getZoom()), { animate: false });
    CM.openCard(card, known ? [row.lat, row.lon] : CM.map.getCenter());
  };

  CM.searchBox = function () {
    let found = [];
    let active = -1;
    const list = el('ul', { id: 'found', role: 'listbox', 'aria-label': CM.t('search'), hidden: true });
    const input = el('input', {
      id: 'search', type: 'search', role: 'combobox', autocomplete: 'off', spellcheck: 'false',
      placeholder: CM.t('search'), 'aria-label': CM.t('search') + '. ' + CM.t('search_hint'),
      'aria-expanded': 'false', 'aria-controls': 'found', 'aria-autocomplete': 'list',
      oninput: () => update(),
      onkeydown: (event) => key(event),
      onfocus: () => update(),
      onblur: () => setTimeout(close, 150),
    });

    function update() {
      found = CM.find(input.value);
      active = -1;
      const options = found.map((entry, at) =>
        el('li', { id: 'found-' + at, role: 'option', 'aria-selected': 'false', onmousedown: (event) => {
          event.preventDefault();
          choose(at);
        } }, [
          el('span', { class: 'found-name', dir: 'auto' }, entry.name),
          el('span', { class: 'found-kind', dir: 'auto' }, [CM.t(entry.kind), entry.also].filter(Boolean).join(' · ')),
        ]));
      if (input.value.trim() && !found.length) {
        options.push(el('li', { class: 'nothing', role: 'option', 'aria-disabled': 'true' }, CM.t('nothing_found')));
      }
      list.replaceChildren(...options);
      list.hidden = !options.length;
      input.setAttribute('aria-expanded', String(!list.hidden));
      input.removeAttribute('aria-activedescendant');
    }

    function close() {
      list.hidden = true;
      input.setAttribute('aria-expanded', 'false');
    }

    function choose(at) {
      if (!found[at]) return;
      input.value = found[at].name;
      close();
      CM.closePanelOnPhone();
      CM.goTo(found[at]);
    }

    function key(event) {
      if (event.key === 'Escape') return close();
      if (event.key === 'Enter') return choose(Math.max(active, 0));
      if ((event.key !== 'ArrowDown' && event.key !== 'ArrowUp') || !found.length) return undefined;
      event.preventDefault();
      active = (active + (event.key === 'ArrowDown' ? 1 : -1) + found.length) % found.length;
      [...list.children].forEach((option, at) => option.setAttribute('aria-selected', String(at === active)));
      list.children[active].scrollIntoView({ block: 'nearest' });
      input.setAttribute('aria-activedescendant', 'found-' + active);
      return undefined;
    }

    return el('div', { class: 'search' }, [input, list]);
  };
})(window.CoverageMap);
