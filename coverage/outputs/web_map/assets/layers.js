/* Leaflet layers of everything on the map. All that can be clicked shares one canvas, drawn in a fixed order. */
(function (CM) {
  'use strict';
  const ORDER = ['communes', 'borders', 'routes', 'plan', 'sites', 'villages'];
  const DRAW_STATUSES = [2, 3, 1, 0];
  const { hide, listen } = CM;
  const NUMBERS_FROM_ZOOM = 8.5;
  CM.SHADES = [[0, '#fdf0ea'], [2, '#f6c9b5'], [5, '#e88f76'], [10, '#c94f4a'], [20, '#8c1d33']];
  CM.LINES = {
    routes: { color: '#00695f', weight: 1.6, opacity: 0.85 },
    plan: { color: '#c2007a', weight: 3, opacity: 0.95, dashArray: '7 5' },
    roads: { color: '#8d7a63', weight: 1.1, opacity: 0.75 },
  };

  CM.makeLayers = function (map, tiles) {
    CM.makePanes(map);
    const canvas = L.canvas({ padding: 0.3, tolerance: 4 });
    const layers = {
      relief: L.imageOverlay(CM.data.relief.src, CM.data.relief.bounds, { pane: 'relief', className: 'relief' }),
      tiles: tiles,
      roads: roads(),
      communes: communes(canvas),
      borders: CM.borders(canvas, map),
      routes: lines(CM.routes, CM.LINES.routes, canvas, CM.routeCard),
      plan: lines(CM.plan, CM.LINES.plan, canvas, CM.planCard),
      sites: sites(canvas),
      villages: villages(canvas),
      ranked: ranked(),
    };
    for (const name of ['communes', 'routes', 'plan', 'sites', 'villages', 'ranked']) listen(map, layers[name]);
    const size = () => {
      map.getContainer().classList.toggle('near', map.getZoom() >= CM.NAMES_FROM_ZOOM);
      map.getContainer().classList.toggle('far', map.getZoom() < NUMBERS_FROM_ZOOM);
    };
    map.on('zoomend', size);
    size();
    CM.layers = layers;
    CM.on('layers', () => show(map, layers));
    CM.on('signal', () => showSignal(map));
    CM.on('filter', () => layers.villages.eachLayer((marker) => hide(marker, !CM.shown(marker.row))));
    CM.on('operators', () => layers.sites.eachLayer((marker) => hide(marker, !visibleSite(marker.row))));
    CM.on('language', () => {
      map.closePopup();
      nameRanked(layers.ranked);
    });
  };

  function show(map, layers) {
    for (const [name, layer] of Object.entries(layers)) {
      if (!layer) continue;
      const wanted = CM.state.layers[name] && !(name === 'relief' && CM.state.layers.tiles);
      if (wanted && !map.hasLayer(layer)) map.addLayer(layer);
      if (!wanted && map.hasLayer(layer)) map.removeLayer(layer);
    }
    for (const name of ORDER) if (map.hasLayer(layers[name])) layers[name].bringToFront();
  }

  let overlay = null;
  function showSignal(map) {
    const chosen = CM.state.signal;
    const picture = CM.data.signal.find((one) => one.operator === chosen.operator && one.technology === chosen.technology);
    if (overlay && (!chosen.on || overlay.picture !== picture)) {
      overlay.remove();
      overlay = null;
    }
    if (!chosen.on || !picture) return;
    if (!overlay) {
      overlay = L.imageOverlay(picture.src, picture.bounds, { pane: 'signal', className: 'signal' }).addTo(map);
      overlay.picture = picture;
    }
    overlay.setOpacity(chosen.opacity);
  }

  function villages(canvas) {
    const group = L.featureGroup();
    for (const status of DRAW_STATUSES) {
      for (const row of CM.villages) {
        if (row.status !== status || row.lat === null || row.lon === null) continue;
        const marker = new CM.Glyph([row.lat, row.lon], { renderer: canvas, sign: CM.STATUS_SIGNS[status] });
        marker.row = row;
        marker.tip = () => row.name + ' · ' + CM.t('statuses')[row.status];
        marker.card = () => CM.villageCard(row);
        group.addLayer(marker);
      }
    }
    return group;
  }

  const siteOperators = (row) => [...new Set(row.cells.map((cell) => cell[0]))].filter((at) => at >= 0);
  const visibleSite = (row) => {
    const operators = siteOperators(row);
    return !operators.length || operators.some((at) => CM.state.operators.has(CM.data.operators[at].id));
  };

  function sites(canvas) {
    return L.featureGroup(CM.sites.map((row) => {
      const operators = siteOperators(row);
      const fill = operators.length === 1 ? CM.data.operators[operators[0]].colour : CM.SHARED_COLOUR;
      const marker = new CM.SiteGlyph([row.lat, row.lon], {
        renderer: canvas,
        sign: { shape: 'square', fill: fill, edge: '#ffffff', size: 0.85 },
        azimuths: [...new Set(row.cells.map((cell) => cell[3]).filter((azimuth) => azimuth !== null))],
      });
      marker.row = row;
      marker.tip = () => row.id + ' · ' + operators.map((at) => CM.operatorName(CM.data.operators[at].id)).join(', ');
      marker.card = () => CM.siteCard(row);
      return marker;
    }));
  }
  CM.SHARED_COLOUR = '#222222';

  function lines(rows, style, canvas, card) {
    const drawn = rows.filter((row) => row.shape).map((row) => {
      const line = L.polyline(CM.line(row.shape), Object.assign({ renderer: canvas, smoothFactor: 1.5 }, style));
      line.card = () => card(row);
      return line;
    });
    return L.featureGroup(drawn);
  }

  function roads() {
    const style = Object.assign({ renderer: L.canvas({ pane: 'roads', padding: 0.3 }), pane: 'roads',
      interactive: false, smoothFactor: 1.5 }, CM.LINES.roads);
    return L.featureGroup(CM.data.roads.filter(Boolean).map((text) => L.polyline(CM.line(text), style)));
  }

  CM.shade = function (commune) {
    const share = commune.villages ? (100 * commune.dead) / commune.villages : 0;
    return CM.SHADES.filter(([from]) => share >= from).pop()[1];
  };

  function communes(canvas) {
    const group = L.featureGroup();
    for (const row of CM.communes) {
      const area = L.polygon(CM.area(row.shape), {
        renderer: canvas, stroke: false, fillColor: CM.shade(row), fillOpacity: 0.62, smoothFactor: 0.5,
      });
      area.tip = () => row.name + ' · ' + CM.t('statuses')[0] + ' ' + row.dead + '/' + row.villages;
      area.card = () => CM.communeCard(row);
      group.addLayer(area);
    }
    return group;
  }

  function ranked() {
    const group = L.featureGroup();
    for (const row of CM.ranked.slice().reverse()) {
      const marker = L.marker([row.lat, row.lon], {
        zIndexOffset: 1000 - row.rank, riseOnHover: true,
        icon: L.divIcon({ className: 'rank ' + (row.kind === 'upgrade' ? 'upgrade' : 'build'),
          html: CM.el('b', {}, String(row.rank)), iconSize: [26, 26] }),
      });
      marker.row = row;
      marker.card = () => CM.rankedCard(row);
      marker.tip = () => CM.t('rank', { rank: row.rank }) + ' · ' + CM.number(row.new_households) + ' ' +
        CM.t('new_households').toLowerCase();
      marker.on('add', () => nameMarker(marker));
      group.addLayer(marker);
    }
    return group;
  }

  function nameMarker(marker) {
    const icon = marker.getElement();
    if (icon) icon.setAttribute('aria-label', CM.t('rank', { rank: marker.row.rank }) + ', ' + marker.row.site_id);
  }
  const nameRanked = (group) => group.eachLayer(nameMarker);
})(window.CoverageMap);
