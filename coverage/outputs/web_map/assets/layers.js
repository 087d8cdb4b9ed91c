/* Leaflet layers of everything on the map. All that can be clicked shares one canvas, drawn in a fixed order. */
(function (CM) {
  'use strict';
  const ORDER = ['communes', 'borders', 'routes', 'plan', 'sites', 'villages'];
  const DRAW_STATUSES = [2, 3, 1, 0];
  const { hide, listen } = CM;
  const NUMBERS_FROM_ZOOM = 8.5;
  CM.WATER = '#3d86bd';
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
      water: water(),
      tiles: tiles,
      roads: roads(),
      communes: CM.shadedCommunes(canvas),
      borders: CM.borders(canvas, map),
      routes: routes(canvas),
      plan: lines(CM.plan, CM.LINES.plan, canvas, CM.planCard),
      sites: sites(canvas),
      villages: villages(canvas),
      ranked: ranked(),
    };
    for (const name of ['communes', 'routes', 'plan', 'sites', 'villages', 'ranked']) listen(map, layers[name]);
    CM.watchServers(map);
    CM.watchPointing(map, layers);
    CM.makeProposal(map, layers.ranked);
    const size = () => {
      map.getContainer().classList.toggle('near', map.getZoom() >= CM.NAMES_FROM_ZOOM);
      map.getContainer().classList.toggle('far', map.getZoom() < NUMBERS_FROM_ZOOM);
    };
    map.on('zoomend', size);
    size();
    CM.layers = layers;
    CM.on('layers', () => show(map, layers));
    CM.on('signal', () => CM.showSurface(map));
    CM.on('filter', () => layers.villages.eachLayer((marker) => hide(marker, !CM.shown(marker.row))));
    CM.on('signs', () => layers.villages.eachLayer((marker) => marker.dress()));
    CM.on('operators', () => layers.sites.eachLayer((marker) => {
      hide(marker, !visibleSite(marker.row));
      marker.redraw(); // of a shared position some sectors go
    }));
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

  CM.villageSign = (row) =>
    CM.state.signs === 'fiber' ? CM.FIBER_SIGNS[row.fiber] : CM.STATUS_SIGNS[row.status];

  function villages(canvas) {
    const group = L.featureGroup();
    for (const status of DRAW_STATUSES) {
      for (const row of CM.villages) {
        if (row.status !== status || row.lat === null || row.lon === null) continue;
        const marker = new CM.Glyph([row.lat, row.lon], { renderer: canvas, sign: CM.villageSign(row) });
        marker.row = row;
        marker.tip = () =>
          row.name + ' · ' + (CM.state.signs === 'fiber' ? CM.t('fibers')[row.fiber] : CM.t('statuses')[row.status]);
        marker.dress = () => {
          marker.options.sign = CM.villageSign(row);
          marker.setLatLng(marker.getLatLng()); // the size may differ
        };
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
        sectors: sectors(row),
      });
      marker.row = row;
      marker.tip = () => row.id + ' · ' + operators.map((at) => CM.operatorName(CM.data.operators[at].id)).join(', ');
      marker.card = () => CM.siteCard(row);
      return marker;
    }));
  }
  CM.SHARED_COLOUR = '#222222';

  /* Where the cells of a position point: operator, azimuth (null: all around) and beam width, each once. */
  function sectors(row) {
    const found = new Map();
    for (const cell of row.cells) {
      const key = [cell[0], cell[3], cell[7]].join();
      if (!found.has(key)) found.set(key, { operator: cell[0], azimuth: cell[3], beam: cell[3] === null ? null : cell[7] });
    }
    return [...found.values()];
  }

  function routes(canvas) {
    const group = lines(CM.routes, CM.LINES.routes, canvas, CM.routeCard);
    const sign = { shape: 'down', fill: CM.LINES.routes.color, edge: '#ffffff', size: 0.75 };
    for (const row of CM.nodes) {
      if (row.lat === null || row.lon === null) continue;
      const marker = new CM.Glyph([row.lat, row.lon], { renderer: canvas, sign: sign });
      marker.tip = () => [CM.t('fiber_node'), row.operator && CM.operatorName(row.operator)].filter(Boolean).join(' · ');
      marker.card = () => CM.nodeCard(row);
      group.addLayer(marker);
    }
    return group;
  }

  function lines(rows, style, canvas, card) {
    const drawn = rows.filter((row) => row.shape).map((row) => {
      const line = L.polyline(CM.line(row.shape), Object.assign({ renderer: canvas, smoothFactor: 1.5 }, style));
      line.row = row;
      if ('helped' in row) line.apart = () => CM.above(row, line.getBounds().getNorthEast().lat, line.getCenter().lng);
      line.card = () => card(row);
      return line;
    });
    return L.featureGroup(drawn);
  }

  /* Rivers as lines, and what land cover calls water. */
  function water() {
    const group = L.layerGroup();
    const picture = CM.data.water;
    if (picture) group.addLayer(L.imageOverlay(picture.src, picture.bounds, { pane: 'lakes', className: 'signal' }));
    const style = { renderer: L.canvas({ pane: 'rivers', padding: 0.3 }), pane: 'rivers', interactive: false,
      smoothFactor: 1.5, color: CM.WATER };
    for (const row of CM.rivers) {
      if (row.shape) group.addLayer(L.polyline(CM.line(row.shape), Object.assign({ weight: row.wide ? 2.8 : 1.1 }, style)));
    }
    return group;
  }

  function roads() {
    const style = Object.assign({ renderer: L.canvas({ pane: 'roads', padding: 0.3 }), pane: 'roads',
      interactive: false, smoothFactor: 1.5 }, CM.LINES.roads);
    return L.featureGroup(CM.data.roads.filter(Boolean).map((text) => L.polyline(CM.line(text), style)));
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
      marker.apart = () => CM.above(row, row.lat, row.lon);
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
