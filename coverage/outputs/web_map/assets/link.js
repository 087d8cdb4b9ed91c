/* The address restores the view: place, layers, signal, filters and language stand behind its #. */
(function (CM) {
  'use strict';
  const { el } = CM;
  let written = null;

  const list = (text) => (text ? text.split(',') : []);
  const number = (text, least, most) => {
    const value = text === null || text.trim() === '' ? NaN : Number(text);
    return value >= least && value <= most ? value : null;
  };

  /* What is told anew when the whole state is another. */
  const TOPICS = ['filter', 'language', 'layers', 'signal', 'operators', 'shade', 'signs', 'proposal'];
  const shadeName = (one) => [one.id, one.technology].filter(Boolean).join('.');

  /* name -> how it is written, and how it is read back; what is not known is passed over. Others may add theirs. */
  CM.LINKED = {
    lang: {
      write: () => CM.state.language,
      read: (text) => ['vi', 'en'].includes(text) && (CM.state.language = text),
    },
    layers: {
      write: () => Object.keys(CM.state.layers).filter((name) => CM.state.layers[name]).join(','),
      read: (text) => Object.keys(CM.state.layers).forEach((name) => (CM.state.layers[name] = list(text).includes(name))),
    },
    signal: {
      write: () => [CM.state.signal.on ? 'on' : 'off', CM.state.signal.operator, CM.state.signal.technology,
        Math.round(CM.state.signal.opacity * 100)].join(','),
      read: (text) => {
        const [on, operator, technology, opacity] = list(text);
        if (!CM.data.signal.some((one) => one.operator === operator && one.technology === technology)) return;
        Object.assign(CM.state.signal, { on: on === 'on', operator: operator, technology: technology,
          opacity: (number(opacity || '', 10, 100) || 55) / 100 });
      },
    },
    surface: {
      write: () => (CM.state.signal.kind === 'server' ? 'server' : ''),
      read: (text) => (CM.state.signal.kind = text === 'server' ? 'server' : 'level'),
    },
    shade: {
      write: () => (CM.state.shade ? shadeName(CM.chosenShade()) : ''),
      read: (text) => (CM.state.shade = Math.max(0, CM.data.shades.findIndex((one) => shadeName(one) === text))),
    },
    signs: {
      write: () => (CM.state.signs === 'fiber' ? 'fiber' : ''),
      read: (text) => (CM.state.signs = text === 'fiber' ? 'fiber' : 'status'),
    },
    built: {
      write: () => (CM.state.proposal.on ? CM.state.proposal.upto : ''),
      read: (text) => {
        const last = CM.state.proposal.upto;
        if (last) CM.state.proposal = { on: true, upto: number(text, 1, last) || last };
      },
    },
    sites: {
      write: () => [...CM.state.operators].join(','),
      read: (text) => (CM.state.operators = new Set(CM.data.operators.map((one) => one.id).filter((id) => list(text).includes(id)))),
    },
    network: {
      write: () => (CM.anyNetwork() ? '' : CM.state.filter.operator + ',' + CM.state.filter.technology),
      read: (text) => {
        const [operator, technology] = list(text);
        if (CM.network(operator, technology || '')) Object.assign(CM.state.filter, { operator: operator, technology: technology || '' });
      },
    },
    status: {
      write: () => [...CM.state.filter.statuses].sort().join(','),
      read: (text) => (CM.state.filter.statuses = new Set([0, 1, 2, 3].filter((at) => list(text).includes(String(at))))),
    },
    commune: {
      write: () => (CM.state.filter.commune < 0 ? '' : CM.data.communes.code[CM.state.filter.commune]),
      read: (text) => (CM.state.filter.commune = text ? CM.data.communes.code.indexOf(text) : -1),
    },
    power: {
      write: () => CM.state.filter.power,
      read: (text) => ['yes', 'no'].includes(text) && (CM.state.filter.power = text),
    },
    verify: {
      write: () => (CM.state.filter.verify ? '1' : ''),
      read: (text) => (CM.state.filter.verify = text === '1'),
    },
  };

  CM.linkText = function () {
    const centre = CM.map.getCenter();
    const parts = new URLSearchParams({ at: [centre.lat.toFixed(5), centre.lng.toFixed(5), CM.map.getZoom()].join(',') });
    for (const [name, one] of Object.entries(CM.LINKED)) {
      const text = one.write();
      if (text || name === 'layers' || name === 'status' || name === 'sites') parts.set(name, text);
    }
    return '#' + parts.toString().replace(/%2C/g, ',');
  };

  /* Take the state from the address; before anything is drawn. */
  CM.readLink = function () {
    const parts = new URLSearchParams(location.hash.slice(1));
    for (const [name, one] of Object.entries(CM.LINKED)) if (parts.has(name)) one.read(parts.get(name));
  };

  CM.viewOfLink = function () {
    const [lat, lng, zoom] = list(new URLSearchParams(location.hash.slice(1)).get('at') || '');
    const place = [number(lat || '', -85, 85), number(lng || '', -180, 180), number(zoom || '', CM.map.getMinZoom(), CM.map.getMaxZoom())];
    if (place.includes(null)) return false;
    CM.map.setView([place[0], place[1]], place[2], { animate: false });
    return true;
  };

  CM.keepLink = function () {
    let waiting = 0;
    const write = () => {
      waiting = 0;
      written = CM.linkText();
      history.replaceState(null, '', written);
    };
    const later = () => {
      clearTimeout(waiting);
      waiting = setTimeout(write, 250);
    };
    CM.map.on('moveend', later);
    for (const topic of TOPICS) CM.on(topic, later);
    window.addEventListener('hashchange', () => {
      if (location.hash === written) return;
      CM.state = Object.assign(CM.firstState(CM.state.language), { table: CM.state.table });
      CM.readLink();
      for (const topic of TOPICS) CM.tell(topic);
      if (!CM.viewOfLink()) CM.goHome();
    });
  };

  /* To the clipboard where the browser lets us; the field to copy from is shown in any case. */
  CM.copyLink = async function () {
    const link = location.href.split('#')[0] + CM.linkText();
    const field = el('input', { id: 'link-text', type: 'text', readonly: true, value: link, 'aria-label': CM.t('link') });
    const said = el('p', { role: 'status' }, '');
    CM.openDialog(CM.t('link'), [el('p', {}, CM.t('link_help')), field, said]);
    field.select();
    try {
      await navigator.clipboard.writeText(link);
      said.textContent = CM.t('link_copied');
    } catch (refused) {
      field.focus(); // selected, for Ctrl+C
    }
  };

  CM.openDialog = function (title, children) {
    const dialog = el('dialog', { id: 'dialog', 'aria-labelledby': 'h-dialog' }, [
      el('h2', { id: 'h-dialog' }, title), ...children,
      el('button', { type: 'button', id: 'dialog-close', onclick: () => dialog.close() }, CM.t('close')),
    ]);
    dialog.addEventListener('close', () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  };
})(window.CoverageMap);
