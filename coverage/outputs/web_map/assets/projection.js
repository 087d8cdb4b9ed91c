/* From WGS 84 to the province's zone of VN-2000, and lengths on the ellipsoid. Angles are degrees, lengths metres. */
(function (CM) {
  'use strict';
  const RADIANS = Math.PI / 180;
  const SECONDS = RADIANS / 3600;

  /* Transverse Mercator: Krüger's series in the third flattening to its fourth power, good to a millimetre in a zone. */
  CM.transverseMercator = function (lat, lon, zone) {
    const f = 1 / zone.inverseFlattening;
    const n = f / (2 - f);
    const n2 = n * n, n3 = n2 * n, n4 = n3 * n;
    const radius = (zone.semiMajor / (1 + n)) * (1 + n2 / 4 + n4 / 64);
    const series = [
      n / 2 - (2 / 3) * n2 + (5 / 16) * n3 + (41 / 180) * n4,
      (13 / 48) * n2 - (3 / 5) * n3 + (557 / 1440) * n4,
      (61 / 240) * n3 - (103 / 140) * n4,
      (49561 / 161280) * n4,
    ];
    const sine = Math.sin(lat * RADIANS);
    const east = (lon - zone.meridian) * RADIANS;
    const e = (2 * Math.sqrt(n)) / (1 + n);
    const t = Math.sinh(Math.atanh(sine) - e * Math.atanh(e * sine));
    const xi = Math.atan2(t, Math.cos(east));
    const eta = Math.atanh(Math.sin(east) / Math.hypot(1, t));
    let x = eta, y = xi;
    series.forEach((a, at) => {
      const twice = 2 * (at + 1);
      x += a * Math.cos(twice * xi) * Math.sinh(twice * eta);
      y += a * Math.sin(twice * xi) * Math.cosh(twice * eta);
    });
    return [zone.falseEasting + zone.scale * radius * x, zone.scale * radius * y];
  };

  /* Undo the shift of seven parameters (coordinate frame), from WGS 84 at height 0 to the local datum. */
  function toLocal(lat, lon, zone) {
    const f = 1 / zone.inverseFlattening;
    const e2 = f * (2 - f);
    const [phi, lambda] = [lat * RADIANS, lon * RADIANS];
    const curve = zone.semiMajor / Math.sqrt(1 - e2 * Math.sin(phi) ** 2);
    const [tx, ty, tz, rx, ry, rz, ppm] = zone.shift;
    const x = curve * Math.cos(phi) * Math.cos(lambda) - tx;
    const y = curve * Math.cos(phi) * Math.sin(lambda) - ty;
    const z = curve * (1 - e2) * Math.sin(phi) - tz;
    const [a, b, c] = [rx * SECONDS, ry * SECONDS, rz * SECONDS];
    const size = 1 + ppm * 1e-6;
    const [u, v, w] = [(x - c * y + b * z) / size, (c * x + y - a * z) / size, (-b * x + a * y + z) / size];
    const flat = Math.hypot(u, v);
    let found = Math.atan2(w, flat * (1 - e2));
    for (let step = 0; step < 4; step++) {
      const here = zone.semiMajor / Math.sqrt(1 - e2 * Math.sin(found) ** 2);
      found = Math.atan2(w + e2 * here * Math.sin(found), flat);
    }
    return [found / RADIANS, Math.atan2(v, u) / RADIANS];
  }

  /* Easting and northing in the province's zone. */
  CM.vn2000 = function (lat, lon) {
    const zone = CM.data.vn2000;
    return CM.transverseMercator(...toLocal(lat, lon, zone), zone);
  };

  /* Length of a leg: in a zone of its own around its middle, where the scale is 1 to some parts in a hundred thousand. */
  CM.metresBetween = function (a, b) {
    const zone = Object.assign({}, CM.data.vn2000, { meridian: (a.lng + b.lng) / 2, scale: 1, falseEasting: 0 });
    const [from, to] = [a, b].map((one) => CM.transverseMercator(one.lat, one.lng, zone));
    return Math.hypot(to[0] - from[0], to[1] - from[1]);
  };

  CM.meridianText = function () {
    const minutes = Math.round(CM.data.vn2000.meridian * 60);
    return Math.floor(minutes / 60) + '°' + String(minutes % 60).padStart(2, '0') + '′';
  };
  CM.metresText = (value) => String(Math.round(value));
  CM.vn2000Text = function (lat, lon) {
    const [e, n] = CM.vn2000(lat, lon).map(CM.metresText);
    return CM.t('easting_northing', { e: e, n: n });
  };
})(window.CoverageMap);
