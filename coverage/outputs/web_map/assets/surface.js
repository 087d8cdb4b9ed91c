/* What lies over the ground: levels of signal in their classes, or the area that each station serves best. */
(function (CM) {
  'use strict';
  const SITE_TINTS = ['#4e79a7', '#f28e2b', '#76b7b2', '#e15759', '#b6992d', '#9c6bb0', '#59a14f', '#d37295', '#79706e',
    '#5f9bd1', '#a0522d'];
  const EDGE = 0.62;
  const project = (at) => L.CRS.EPSG3857.project(L.latLng(at));

  /* A canvas where Leaflet expects an image. */
  const CanvasOverlay = L.ImageOverlay.extend({
    _initImage() {
      const canvas = (this._image = this._url);
      canvas.classList.add('leaflet-image-layer', 'signal');
      if (this._zoomAnimated) canvas.classList.add('leaflet-zoom-animated');
      this.getPane().appendChild(canvas);
    },
  });

  let overlay = null;
  const numbers = new Map();

  /* Of signal and shaded communes one at a time is readable; `name` is the one that was switched on. */
  CM.oneSurface = function (name) {
    if (name === 'communes') CM.state.signal.on = false;
    else CM.state.layers.communes = false;
    CM.tell(name === 'communes' ? 'signal' : 'layers');
  };

  CM.canUnpack = typeof DecompressionStream === 'function';
  CM.serverArea = function (chosen) {
    const servers = CM.data.servers;
    return servers && servers.areas.find((one) => one.operator === chosen.operator && one.technology === chosen.technology);
  };
  const level = (chosen) =>
    CM.data.signal.find((one) => one.operator === chosen.operator && one.technology === chosen.technology);
  const wanted = () => {
    const chosen = CM.state.signal;
    if (!chosen.on) return null;
    return (chosen.kind === 'server' && CM.canUnpack && CM.serverArea(chosen)) || level(chosen) || null;
  };

  CM.showSurface = function (map) {
    const picture = wanted();
    if (overlay && overlay.picture !== picture) {
      overlay.remove();
      overlay = null;
    }
    if (!picture) return;
    if (!overlay) {
      overlay = 'src' in picture
        ? L.imageOverlay(picture.src, picture.bounds, { pane: 'signal', className: 'signal' }).addTo(map)
        : new CanvasOverlay(areas(picture), CM.data.servers.bounds, { pane: 'signal' }).addTo(map);
      overlay.picture = picture;
    }
    overlay.setOpacity(CM.state.signal.opacity);
  };

  /* Numbers of stations; null until they are unpacked. */
  function unpacked(area) {
    if (numbers.has(area)) return numbers.get(area);
    numbers.set(area, null);
    const bytes = Uint8Array.from(atob(area.packed), (character) => character.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
    new Response(stream).arrayBuffer().then((buffer) => {
      numbers.set(area, CM.data.servers.bytes === 2 ? new Uint16Array(buffer) : new Uint32Array(buffer));
      if (overlay && overlay.picture === area) paint(overlay.getElement(), area);
    });
    return null;
  }

  function areas(area) {
    const canvas = CM.el('canvas', { width: CM.data.servers.width, height: CM.data.servers.height });
    paint(canvas, area);
    return canvas;
  }

  function paint(canvas, area) {
    const found = unpacked(area);
    if (!found) return;
    const { width, height } = canvas;
    const [fills, edges] = tints(area);
    const context = canvas.getContext('2d');
    const image = context.createImageData(width, height);
    const pixels = new Uint32Array(image.data.buffer);
    for (let row = 0, at = 0; row < height; row++) {
      for (let col = 0; col < width; col++, at++) {
        const one = found[at];
        if (!one) continue;
        const border = (col + 1 < width && found[at + 1] !== one) || (row + 1 < height && found[at + width] !== one);
        pixels[at] = border ? edges[one] : fills[one];
      }
    }
    context.putImageData(image, 0, 0);
    canvas.dataset.painted = area.operator + '_' + area.technology;
  }

  /* By number of the station, colours as a canvas keeps them: of its operator where several serve, else its own. */
  function tints(area) {
    const shade = (colour, by) =>
      [5, 3, 1].reduce((sum, at) => (sum << 8) | Math.round(parseInt(colour.slice(at, at + 2), 16) * by), 255) >>> 0;
    const colours = CM.data.servers.stations.map(([site, operator]) =>
      area.operator === 'any' ? CM.data.operators[operator].colour : SITE_TINTS[(site * 7) % SITE_TINTS.length]);
    return [1, EDGE].map((by) => Uint32Array.from([0, ...colours.map((colour) => shade(colour, by))]));
  }

  /* Who serves best at a place: null where nobody does, or where these areas are not shown. */
  CM.servedAt = function (at) {
    const area = overlay && overlay.picture && !('src' in overlay.picture) ? overlay.picture : null;
    const found = area && numbers.get(area);
    if (!found) return null;
    const { bounds, width, height, stations } = CM.data.servers;
    const [low, high, here] = [bounds[0], bounds[1], at].map(project);
    const col = Math.floor(((here.x - low.x) / (high.x - low.x)) * width);
    const row = Math.floor(((high.y - here.y) / (high.y - low.y)) * height);
    if (col < 0 || row < 0 || col >= width || row >= height) return null;
    const number = found[row * width + col];
    if (!number) return null;
    const [site, operator] = stations[number - 1];
    const row_ = CM.sites[site];
    return {
      site: row_, operator: CM.data.operators[operator].id, technology: area.technology,
      km: CM.map.distance(at, [row_.lat, row_.lon]) / 1000,
    };
  };

  CM.servedText = (found) =>
    [CM.operatorName(found.operator) + ' ' + found.technology.toUpperCase(), found.site.id, CM.km(found.km)].join(' · ');

  CM.watchServers = function (map) {
    const box = CM.el('div', { id: 'served', hidden: true });
    map.getContainer().append(box);
    let asked = 0;
    const say = (at) => {
      const found = CM.servedAt(at);
      box.hidden = !found;
      if (found) box.textContent = CM.t('served_by') + ': ' + CM.servedText(found);
    };
    /* The container's own event: over a canvas Leaflet passes one on at most every 32 ms and drops the last of a quick move. */
    map.getContainer().addEventListener('mousemove', (event) => {
      cancelAnimationFrame(asked);
      asked = requestAnimationFrame(() => say(map.mouseEventToLatLng(event)));
    });
    /* Who moves the map by keys asks about its middle. */
    map.on('moveend', () => map.getContainer().matches(':focus-visible') && say(map.getCenter()));
    map.getContainer().addEventListener('mouseleave', () => {
      cancelAnimationFrame(asked);
      box.hidden = true;
    });
    map.on('click', (event) => {
      const found = CM.servedAt(event.latlng);
      if (!found) return;
      const said = CM.el('p', { class: 'status' }, CM.t('served_by') + ': ' + CM.servedText(found));
      CM.openCard(CM.siteCard(found.site, said), event.latlng);
      CM.pointOut(event.latlng, [[found.site.lat, found.site.lon]]);
    });
  };
})(window.CoverageMap);
