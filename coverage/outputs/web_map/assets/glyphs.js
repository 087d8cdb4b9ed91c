/* Signs on the map: one set of shapes for canvas and legend, so that status reads without colour. */
(function (CM) {
  'use strict';
  /* Outlines within a circle of radius 1. */
  const SHAPES = {
    circle: 'M-0.9 0A0.9 0.9 0 1 0 0.9 0A0.9 0.9 0 1 0-0.9 0Z',
    triangle: 'M0-1.1L1.05 0.8L-1.05 0.8Z',
    diamond: 'M0-1.2L1.2 0L0 1.2L-1.2 0Z',
    down: 'M0 1.1L1.05-0.8L-1.05-0.8Z',
    plus: 'M-0.35-1.1H0.35V-0.35H1.1V0.35H0.35V1.1H-0.35V0.35H-1.1V-0.35H-0.35Z',
    cross: 'M0-0.5L0.6-1.1L1.1-0.6L0.5 0L1.1 0.6L0.6 1.1L0 0.5L-0.6 1.1L-1.1 0.6L-0.5 0L-1.1-0.6L-0.6-1.1Z',
    square: 'M-0.8-0.8H0.8V0.8H-0.8Z',
  };

  /* In the order of the statuses: dead, weak, covered, not assessed. */
  CM.STATUS_SIGNS = [
    { shape: 'diamond', fill: '#b5172f', edge: '#ffffff', size: 1.5 },
    { shape: 'triangle', fill: '#f59f00', edge: '#3d2a00', size: 1.25 },
    { shape: 'circle', fill: '#1f5a96', edge: '#ffffff', size: 0.8 },
    { shape: 'square', fill: '#ffffff', edge: '#4d4d4d', size: 0.85 },
  ];

  /* In the order of the fiber statuses: served, near, unserved, not assessed. */
  CM.FIBER_SIGNS = [
    { shape: 'circle', fill: '#00695f', edge: '#ffffff', size: 0.85 },
    { shape: 'triangle', fill: '#7fc4b8', edge: '#003d37', size: 1.15 },
    { shape: 'cross', fill: '#8a1c5b', edge: '#ffffff', size: 1.15 },
    { shape: 'square', fill: '#ffffff', edge: '#4d4d4d', size: 0.85 },
  ];

  CM.signSvg = (sign, inner) =>
    CM.svg('svg', { class: 'sign', viewBox: '-1.6 -1.6 3.2 3.2', width: 18, height: 18, 'aria-hidden': 'true' }, [
      CM.svg('path', { d: SHAPES[sign.shape], fill: sign.fill, stroke: sign.edge, 'stroke-width': 0.3,
        transform: inner ? 'scale(1.5)' : null }),
      inner && CM.svg('path', { d: SHAPES[inner.shape], fill: inner.fill, transform: 'scale(0.75)' }),
    ]);

  /* Radius in pixels: dots over the province, signs over a commune. */
  const scale = (zoom) => Math.max(1.6, Math.min(9, 2.6 + (zoom - 8.5) * 1.15));

  CM.Glyph = L.CircleMarker.extend({
    _project() {
      this._radius = scale(this._map.getZoom()) * this.options.sign.size;
      L.CircleMarker.prototype._project.call(this);
    },
    _updatePath() {
      this._renderer._updateGlyph(this);
    },
    _containsPoint(point) {
      return !this.hidden && point.distanceTo(this._point) <= this._radius + this._clickTolerance();
    },
  });

  const SECTOR_ZOOM = 12;
  const BEAM_DEG = 65;
  /* Of those who share a position, each behind the one before. */
  const sectorRadius = (zoom, turn) => Math.min(70, 20 * 1.4 ** (zoom - SECTOR_ZOOM)) * (1 - 0.16 * turn);

  /* A position with its sectors, drawn as wedges once there is room for them. */
  CM.SiteGlyph = CM.Glyph.extend({
    _updateBounds() {
      const zoom = this._map.getZoom();
      const room = (zoom >= SECTOR_ZOOM ? sectorRadius(zoom, 0) : this._radius) + this._clickTolerance();
      this._pxBounds = L.bounds(this._point.subtract([room, room]), this._point.add([room, room]));
    },
  });

  /* Each sign is drawn once for a zoom, and then copied: thousands of outlines take long. */
  const stamps = new Map();
  let stampedFor = '';
  function stampOf(sign, radius, zoom) {
    const ratio = L.Browser.retina ? 2 : 1;
    if (stampedFor !== zoom + '/' + ratio) stamps.clear();
    stampedFor = zoom + '/' + ratio;
    const key = [sign.shape, sign.fill, sign.edge, radius].join();
    if (!stamps.has(key)) {
      const half = Math.ceil(1.5 * radius) + 1;
      const canvas = CM.el('canvas', { width: 2 * half * ratio, height: 2 * half * ratio });
      const context = canvas.getContext('2d');
      const outline = new Path2D(SHAPES[sign.shape]);
      context.setTransform(ratio * radius, 0, 0, ratio * radius, ratio * half, ratio * half);
      context.fillStyle = sign.fill;
      context.strokeStyle = sign.edge;
      context.lineWidth = Math.min(1.1, radius * 0.25) / radius;
      context.fill(outline);
      context.stroke(outline);
      stamps.set(key, { canvas: canvas, half: half });
    }
    return stamps.get(key);
  }

  L.Canvas.include({
    _updateGlyph(layer) {
      if (!this._drawing || layer.hidden || layer._empty()) return;
      const context = this._ctx;
      const { x, y } = layer._point;
      const zoom = layer._map.getZoom();
      if (layer.options.sectors && zoom >= SECTOR_ZOOM) {
        context.save();
        context.translate(x, y);
        drawSectors(context, layer.options.sectors, zoom);
        context.restore();
      }
      const { canvas, half } = stampOf(layer.options.sign, layer._radius, zoom);
      context.globalAlpha = 1;
      context.drawImage(canvas, x - half, y - half, 2 * half, 2 * half);
    },
  });

  function drawSectors(context, sectors, zoom) {
    const operators = [...new Set(sectors.map((one) => one.operator))].filter(visible);
    context.lineWidth = 1;
    operators.forEach((operator, turn) => {
      const colour = operator < 0 ? CM.SHARED_COLOUR : CM.data.operators[operator].colour;
      const radius = sectorRadius(zoom, turn);
      context.fillStyle = context.strokeStyle = colour;
      for (const one of sectors) {
        if (one.operator !== operator) continue;
        const half = ((one.beam === null ? BEAM_DEG : one.beam) * Math.PI) / 360;
        const middle = ((one.azimuth - 90) * Math.PI) / 180;
        context.beginPath();
        if (one.azimuth === null) context.arc(0, 0, radius, 0, 2 * Math.PI);
        else {
          context.moveTo(0, 0);
          context.arc(0, 0, radius, middle - half, middle + half);
          context.closePath();
          context.globalAlpha = 0.3;
          context.fill();
        }
        context.globalAlpha = 0.9;
        context.setLineDash(one.azimuth === null ? [4, 3] : []);
        context.stroke();
      }
    });
    context.setLineDash([]);
  }
  const visible = (operator) => operator < 0 || CM.state.operators.has(CM.data.operators[operator].id);
})(window.CoverageMap);
