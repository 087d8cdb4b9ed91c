/* Villages as a file that Excel opens: UTF-8 with its mark, headings in the reader's language, no formulas. */
(function (CM) {
  'use strict';
  const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;
  const FORMULA = /(^|[;,|]["'\s]*)(?=[=+\-@＝＋－＠])/g;

  /* On one line, in one direction, and nothing that a spreadsheet takes for a formula; as the papers have it. */
  const safe = (text) => text.replace(/\s+/g, ' ').replace(UNSEEN, '').trim().replace(FORMULA, "$1'");
  const yesNo = (flag) => (flag === null ? '' : CM.t(flag ? 'yes' : 'no'));

  /* [heading, value of a row]; text is made safe, numbers are written for the spreadsheets of the study's country. */
  function columns() {
    const head = CM.t('headings');
    const commune = (row, name) => (row.commune >= 0 ? CM.data.communes[name][row.commune] : '');
    const levels = CM.data.technologies.filter((one) => 'dbm_' + CM.state.filter.operator + '_' + one.id in CM.data.villages)
      .map((one) => {
        const name = CM.operatorName(CM.state.filter.operator) + ' ' + one.id.toUpperCase() + ' (dBm)';
        return [name, (row) => row['dbm_' + CM.state.filter.operator + '_' + one.id]];
      });
    return [
      [head.village_id, (row) => row.id],
      [head.name, (row) => row.name],
      [head.commune_code, (row) => commune(row, 'code')],
      [head.commune_name, (row) => commune(row, 'name')],
      [head.former_commune, (row) => row.former],
      [head.lon, (row) => row.lon],
      [head.lat, (row) => row.lat],
      [head.households, (row) => row.households],
      [head.people, (row) => row.people],
      [head.has_power, (row) => yesNo(row.power)],
      [CM.anyNetwork() ? head.status : head.status + ' (' + CM.networkName() + ')', (row) => CM.t('statuses')[row.status]],
      [head.reason, (row) => CM.reasonText(row)],
      [head.households_covered, (row) => row.householdsCovered],
      [head.to_verify, (row) => yesNo(row.verify)],
      ...levels,
      [head.fiber, (row) => CM.t('fibers')[row.fiber]],
      [head.fiber_km, (row) => row.fiberKm],
      [head.nearest_site_km, (row) => row.siteKm],
    ];
  }

  CM.csvText = function (rows) {
    const comma = CM.data.rules.decimal === 'comma';
    const separator = comma ? ';' : ',';
    const cell = (value) => {
      if (value === null || value === undefined) return '';
      if (typeof value === 'number') return comma ? String(value).replace('.', ',') : String(value);
      const text = safe(value === 'none' ? CM.t('class_none') : value);
      return /[",;\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
    };
    const chosen = columns();
    const lines = [chosen.map(([name]) => cell(name)), ...rows.map((row) => chosen.map(([, value]) => cell(value(row))))];
    return '\ufeff' + lines.map((one) => one.join(separator)).join('\r\n') + '\r\n';
  };

  CM.saveCsv = function (rows) {
    const address = URL.createObjectURL(new Blob([CM.csvText(rows)], { type: 'text/csv;charset=utf-8' }));
    const link = CM.el('a', { href: address, download: CM.t('file_villages') + '_' + CM.data.meta.asOf + '.csv' });
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
    document.getElementById('announce').textContent = CM.t('saved', { count: CM.number(rows.length) });
  };
})(window.CoverageMap);
