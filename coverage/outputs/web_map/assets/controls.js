/* The bar, the panel, and what they are made of. */
(function (CM) {
  'use strict';
  const el = CM.el;

  CM.fillBar = function (facts) {
    const under = facts.filter(Boolean).join(' · ');
    CM.replace(document.getElementById('bar'), [
      el('div', { class: 'titles' }, [el('h1', { dir: 'auto' }, CM.data.meta.title), el('p', { dir: 'auto' }, under)]),
      CM.searchBox(),
      el('div', { class: 'buttons' }, [
        el('button', { type: 'button', id: 'language', title: CM.t('language_label'), onclick: switchLanguage },
          CM.t('language')),
        el('button', { type: 'button', id: 'open-panel', 'aria-controls': 'panel', 'aria-expanded': 'false',
          onclick: () => CM.togglePanel() }, CM.t('show_panel')),
      ]),
    ]);
    CM.togglePanel(document.body.classList.contains('panel-open'));
  };

  CM.togglePanel = function (open) {
    const is = document.body.classList.toggle('panel-open', open);
    const button = document.getElementById('open-panel');
    button.setAttribute('aria-expanded', String(is));
    button.textContent = CM.t(is ? 'hide_panel' : 'show_panel');
  };
  CM.closePanelOnPhone = () => CM.togglePanel(false);

  function switchLanguage() {
    CM.state.language = CM.state.language === 'vi' ? 'en' : 'vi';
    CM.tell('language');
    document.getElementById('language').focus();
  }

  CM.fillPanel = function (sections) {
    const panel = document.getElementById('panel');
    const focused = document.activeElement && panel.contains(document.activeElement) ? document.activeElement.id : '';
    const scroll = panel.scrollTop;
    panel.setAttribute('aria-label', CM.t('panel'));
    CM.replace(panel, sections);
    panel.scrollTop = scroll;
    if (focused && document.getElementById(focused)) document.getElementById(focused).focus();
  };

  CM.section = function (name, title, children) {
    return el('section', { id: name, 'aria-labelledby': 'h-' + name }, [el('h2', { id: 'h-' + name }, title), ...children]);
  };

  CM.check = function (id, label, checked, change, before, after) {
    return el('label', { class: 'check' }, [
      el('input', { type: 'checkbox', id: id, checked: checked, onchange: (event) => change(event.target.checked) }),
      before, el('span', { class: 'label' }, label), after,
    ]);
  };

  CM.select = function (id, label, options, chosen, change) {
    return el('label', { class: 'pick' }, [
      el('span', {}, label),
      el('select', { id: id, onchange: (event) => change(event.target.value) },
        options.map(([value, text]) => el('option', { value: value, selected: String(value) === String(chosen) }, text))),
    ]);
  };

  CM.legendItem = function (colour, name, range) {
    return el('li', {}, [
      el('i', { class: colour ? 'swatch' : 'swatch clear', style: colour ? { 'background-color': colour } : {} }),
      el('span', { class: 'label' }, name), el('span', { class: 'range' }, range),
    ]);
  };

  CM.lineSvg = function (style) {
    return CM.svg('svg', { class: 'sign', viewBox: '0 0 18 18', width: 18, height: 18, 'aria-hidden': 'true' },
      CM.svg('path', { d: 'M1 13L7 6L11 11L17 4', fill: 'none', stroke: style.color, 'stroke-width': style.weight + 0.6,
        'stroke-dasharray': style.dashArray ? '4 2.5' : null }));
  };
})(window.CoverageMap);
