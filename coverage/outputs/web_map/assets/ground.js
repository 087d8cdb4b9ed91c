/* What any map of ours stands on: panes in their order, borders with names, and listening to what is drawn. */
(function (CM) {
  'use strict';
  const PANES = { relief: 190, lakes: 195, signal: 250, rivers: 260, roads: 300, names: 350, pointed: 420 };
  CM.NAMES_FROM_ZOOM = 10;

  CM.makePanes = function (map) {
    for (const [name, height] of Object.entries(PANES)) {
      const pane = map.createPane(name);
      pane.style.zIndex = height;
      pane.style.pointerEvents = 'none';
    }
  };

  CM.hide = function (marker, hidden) {
    if (marker.hidden === hidden) return;
    marker.hidden = hidden;
    marker.redraw();
  };

  /* One tooltip and one popup for a whole layer, made when they are asked for. */
  CM.listen = function (map, group) {
    const tooltip = L.tooltip({ direction: 'top', offset: [0, -6], className: 'tip' });
    group.on('mouseover', (event) => {
      const text = event.layer.tip && event.layer.tip();
      if (text) tooltip.setContent(CM.el('span', { dir: 'auto' }, text)).setLatLng(event.latlng).addTo(map);
    });
    group.on('mousemove', (event) => tooltip.setLatLng(event.latlng));
    group.on('mouseout remove', () => tooltip.remove());
    group.on('click keypress', (event) => {
      if (CM.measuring || (event.type === 'keypress' && event.originalEvent.key !== 'Enter')) return;
      L.DomEvent.stopPropagation(event);
      tooltip.remove();
      if (event.layer.apart) CM.openCard(event.layer.card(), event.layer.apart(), true);
      else CM.openCard(event.layer.card(), event.layer.getLatLng ? event.layer.getLatLng() : event.latlng);
    });
  };

  CM.borders = function (canvas, map) {
    const group = L.featureGroup();
    const names = L.layerGroup();
    for (const row of CM.communes) {
      if (!row.shape) continue;
      const area = CM.area(row.shape);
      group.addLayer(L.polygon(area, { renderer: canvas, interactive: false, fill: false, color: '#ffffff', weight: 3,
        opacity: 0.55, smoothFactor: 0.5 }));
      const border = L.polygon(area, { renderer: canvas, interactive: false, fill: false, color: '#44505c', weight: 1,
        opacity: 0.85, smoothFactor: 0.5 });
      group.addLayer(border);
      const label = CM.el('span', { dir: 'auto' }, row.name);
      names.addLayer(L.marker(border.getBounds().getCenter(), { interactive: false, keyboard: false, pane: 'names',
        icon: L.divIcon({ className: 'commune-name', html: label, iconSize: [120, 16] }) }));
    }
    const outline = { renderer: canvas, interactive: false, fill: false, smoothFactor: 0.5 };
    group.addLayer(L.polygon(CM.area(CM.data.outline), Object.assign({ color: '#ffffff', weight: 5, opacity: 0.8 }, outline)));
    group.addLayer(L.polygon(CM.area(CM.data.outline), Object.assign({ color: '#243240', weight: 2 }, outline)));
    const showNames = () => {
      const wanted = map.hasLayer(group) && map.getZoom() >= CM.NAMES_FROM_ZOOM;
      if (wanted !== map.hasLayer(names)) wanted ? map.addLayer(names) : map.removeLayer(names);
    };
    map.on('zoomend', showNames);
    group.on('add remove', () => setTimeout(showNames));
    return group;
  };
})(window.CoverageMap);
