/* Phrases, numbers and places in the language of the reader. */
(function (CM) {
  'use strict';
  CM.t = function (key, values) {
    const phrase = CM.data.texts[CM.state.language][key];
    if (typeof phrase !== 'string') return phrase === undefined ? key : phrase;
    return phrase.replace(/\{(\w+)\}/g, (whole, name) => (values && name in values ? String(values[name]) : whole));
  };

  const formats = {}; // making one takes longer than a hundred numbers
  CM.number = function (value, decimals) {
    const key = CM.state.language + (decimals || 0);
    formats[key] = formats[key] || new Intl.NumberFormat(CM.state.language === 'vi' ? 'vi-VN' : 'en-GB', {
      minimumFractionDigits: decimals || 0,
      maximumFractionDigits: decimals || 0,
    });
    return formats[key].format(value);
  };

  CM.dbm = (value) => (value < 0 ? '−' : '') + Math.abs(value);
  CM.km = (value) => CM.number(value, 1) + ' km';
  CM.percent = (part, all) => (all ? CM.number((100 * part) / all, 1) + '%' : '–');
  CM.operatorName = (id) => CM.t('operatorNames')[id] || id;

  /* Lower case, without accents, so that "na san" finds "Nà Sản". */
  CM.fold = (text) =>
    text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').replace(/[đĐ]/g, 'd').toLowerCase().replace(/\s+/g, ' ').trim();
})(window.CoverageMap);
