/* The tools beside the map. */
(function (CM) {
  'use strict';
  const { el, svg } = CM;
  const SIGNS = {
    table: 'M3 5H21V19H3ZM3 10H21M3 14.5H21M9 5V19',
    measure: 'M3 16L16 3L21 8L8 21ZM7 12L9.5 14.5M10 9L12.5 11.5M13 6L15.5 8.5',
    link: 'M10 14A4 4 0 0 0 15.7 14L19 10.7A4 4 0 0 0 13.3 5L12 6.3M14 10A4 4 0 0 0 8.3 10L5 13.3A4 4 0 0 0 10.7 19L12 17.7',
    print: 'M7 9V3H17V9M7 17H4V9H20V17H17M7 14H17V21H7Z',
  };
  const ACTS = {
    table: () => (CM.state.table.open ? CM.closeTable() : CM.openTable()),
    measure: () => (CM.measuring ? CM.stopMeasure() : CM.startMeasure()),
    link: () => CM.copyLink(),
    print: () => CM.openPrint(),
  };
  let control = null;

  const sign = (path) => svg('svg', { viewBox: '0 0 24 24', width: 20, height: 20, 'aria-hidden': 'true' },
    svg('path', { d: path, fill: 'none', stroke: 'currentColor', 'stroke-width': 1.8, 'stroke-linejoin': 'round', 'stroke-linecap': 'round' }));

  CM.dressTools = function () {
    if (control) control.remove();
    const Tools = L.Control.extend({
      onAdd: () => {
        const buttons = Object.keys(SIGNS).map((name) =>
          el('button', { type: 'button', id: 'tool-' + name, title: CM.t(name), 'aria-label': CM.t(name),
            'aria-pressed': name === 'measure' ? 'false' : null, onclick: ACTS[name] }, sign(SIGNS[name])));
        const box = el('div', { id: 'tools', class: 'leaflet-bar', role: 'group', 'aria-label': CM.t('tools') }, buttons);
        L.DomEvent.disableClickPropagation(box);
        return box;
      },
    });
    control = new Tools({ position: 'topright' }).addTo(CM.map);
  };
})(window.CoverageMap);
