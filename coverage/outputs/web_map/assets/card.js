/* The card of one thing: a title, facts as pairs, and the popup that holds it. */
(function (CM) {
  'use strict';
  const el = CM.el;

  CM.card = function (kind, title, children) {
    return el('article', { class: 'card', lang: CM.state.language }, [
      el('p', { class: 'kind' }, kind),
      el('h2', { dir: 'auto' }, title),
      ...children,
    ]);
  };

  CM.facts = function (pairs) {
    const rows = pairs.filter((pair) => pair && pair[1] !== null && pair[1] !== undefined && pair[1] !== '');
    return el('dl', {}, rows.map(([name, value]) => el('div', {}, [el('dt', {}, name), el('dd', { dir: 'auto' }, value)])));
  };

  CM.count = (value) => (value === null ? null : CM.number(value));
  CM.place = (lat, lon) =>
    lat === null || lon === null ? CM.t('no_point') : lat.toFixed(5) + ', ' + lon.toFixed(5);

  /* `apart`: beside what it speaks of, which is pointed out on the map, and no higher than needed. */
  CM.openCard = function (content, at, apart) {
    const map = CM.map;
    const maxHeight = Math.min(apart ? 300 : 520, map.getSize().y - 70);
    const maxWidth = Math.min(apart ? 340 : 380, map.getSize().x - 54);
    const popup = L.popup({ maxWidth: maxWidth, minWidth: 240, maxHeight: maxHeight, autoPanPadding: [16, 16],
      className: apart ? 'apart' : '' })
      .setLatLng(at).setContent(content).openOn(map);
    popup.getElement().querySelector('.leaflet-popup-close-button').setAttribute('aria-label', CM.t('close'));
    const scrolled = content.parentNode;
    scrolled.tabIndex = 0;
    scrolled.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      map.closePopup();
      map.getContainer().focus();
    });
    scrolled.focus({ preventScroll: true });
    document.body.classList.add('card-open');
    popup.on('remove', () => document.body.classList.remove('card-open'));
  };
})(window.CoverageMap);
