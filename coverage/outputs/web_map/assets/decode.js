/* Reading what Python packed: encoded paths, and tables kept as columns. */
(function (CM) {
  'use strict';
  const STEP = 1e4;

  CM.path = function (text) {
    const points = [];
    let at = 0;
    const sum = [0, 0];
    while (at < text.length) {
      for (let axis = 0; axis < 2; axis++) {
        let value = 0, shift = 0, part;
        do {
          part = text.charCodeAt(at++) - 63;
          value |= (part & 31) << shift;
          shift += 5;
        } while (part >= 32);
        sum[axis] += value & 1 ? ~(value >> 1) : value >> 1;
      }
      points.push([sum[0] / STEP, sum[1] / STEP]);
    }
    return points;
  };

  CM.line = (text) => (text ? text.split(',').map(CM.path) : []);
  CM.area = (text) => (text ? text.split(';').map(CM.line) : []);

  CM.rows = function (columns) {
    const names = Object.keys(columns);
    return columns[names[0]].map((_, at) => {
      const row = { at: at };
      for (const name of names) row[name] = columns[name][at];
      return row;
    });
  };
})(window.CoverageMap);
