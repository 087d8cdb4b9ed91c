/* What a card speaks of, pointed out on the map while it is open: lines to places, and rings around them. */
(function (CM) {
  'use strict';
  const LINE = { color: '#14213d', weight: 1.8, opacity: 0.9, dashArray: '2 5' };
  const RING = { color: '#14213d', weight: 2.2, fill: false, radius: 11 };
  const HALO = { color: '#ffffff', weight: 5, opacity: 0.8, fill: false };
  let group = null;

  /* From a place, or null for rings alone, to others. */
  CM.pointOut = function (from, places) {
    clear();
    const common = { renderer: (CM.pointer = CM.pointer || L.canvas({ pane: 'pointed', padding: 0.3 })), interactive: false };
    group = L.layerGroup();
    for (const place of places) {
      if (from) {
        group.addLayer(L.polyline([from, place], Object.assign({}, common, HALO, { weight: 4.5, opacity: 0.7 })));
        group.addLayer(L.polyline([from, place], Object.assign({}, common, LINE)));
      }
      group.addLayer(L.circleMarker(place, Object.assign({}, common, HALO, { radius: RING.radius })));
      group.addLayer(L.circleMarker(place, Object.assign({}, common, RING)));
    }
    group.addTo(CM.map);
  };

  function clear() {
    if (group) group.remove();
    group = null;
  }

  const placed = (row) => row.lat !== null && row.lon !== null;
  CM.placedRows = (numbers) => numbers.map((at) => CM.villages[at]).filter(placed);
  CM.helpedRows = (row) => CM.placedRows(row.helped);
  const at = (row) => [row.lat, row.lon];

  /* A proposal and the villages that it helps; planned fiber also with the sites that it would feed. */
  CM.pointAtHelped = function (row) {
    const villages = CM.helpedRows(row).map(at);
    if (row.lat !== undefined) CM.pointOut(at(row), villages);
    else CM.pointOut(null, [...villages, ...CM.ranked.filter((one) => row.feeds.includes(one.site_id)).map(at)]);
  };

  /* North of all that is pointed out, so that a card there covers none of it. */
  CM.above = (row, lat, lon) => [Math.max(lat, ...CM.helpedRows(row).map((one) => one.lat)), lon];

  CM.watchPointing = function (map, layers) {
    map.on('popupclose', clear);
    for (const name of ['ranked', 'plan']) {
      layers[name].on('click keypress', (event) => {
        if (CM.measuring) return;
        if (event.type === 'click' || event.originalEvent.key === 'Enter') CM.pointAtHelped(event.layer.row);
      });
    }
  };
})(window.CoverageMap);
