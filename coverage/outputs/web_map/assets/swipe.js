/* A divider that one drags, by mouse, finger or key: what lies in some panes shows left of it, in others right. */
(function (CM) {
  'use strict';
  const STEP = 2;
  const LEAP = 10;

  /* Makes the panes; `height` is their z-index. Panes take clicks only where `clickable`. */
  function panes(map, names, height, clickable) {
    for (const name of names) {
      const pane = map.getPane(name) || map.createPane(name);
      pane.style.zIndex = height;
      if (!clickable) pane.style.pointerEvents = 'none';
    }
  }

  /* `before` and `after`: names of panes. Returns how to switch it on and off. */
  CM.makeSwipe = function (map, before, after) {
    let on = false;
    let percent = 50;
    const labels = ['before', 'after'].map((side) => CM.el('span', { class: 'swipe-label ' + side, 'aria-hidden': 'true' }));
    const divider = CM.el('div', {
      id: 'divider', role: 'slider', tabindex: '0', 'aria-orientation': 'horizontal', 'aria-valuemin': '0', 'aria-valuemax': '100',
      onkeydown: key,
      onpointerdown: (event) => {
        event.preventDefault();
        divider.focus({ preventScroll: true });
        divider.setPointerCapture(event.pointerId);
      },
      onpointermove: (event) => {
        if (!divider.hasPointerCapture(event.pointerId)) return;
        const box = map.getContainer().getBoundingClientRect();
        move((100 * (event.clientX - box.left)) / box.width);
      },
    }, [CM.el('i', { 'aria-hidden': 'true' }), ...labels]);
    L.DomEvent.disableClickPropagation(divider);
    map.on('move resize viewreset zoomend', clip);

    function key(event) {
      const by = { ArrowLeft: -STEP, ArrowDown: -STEP, ArrowRight: STEP, ArrowUp: STEP, PageDown: -LEAP, PageUp: LEAP,
        Home: -100, End: 100 }[event.key];
      if (by === undefined) return;
      event.preventDefault();
      event.stopPropagation(); // Leaflet would pan
      move(percent + by);
    }

    function move(to) {
      percent = Math.min(100, Math.max(0, to));
      divider.style.left = percent + '%';
      divider.setAttribute('aria-valuenow', String(Math.round(percent)));
      clip();
    }

    function clip() {
      const size = map.getSize();
      const { x: left, y: top } = map.containerPointToLayerPoint([0, 0]);
      const [middle, right, bottom] = [left + (size.x * percent) / 100, left + size.x, top + size.y];
      const box = (from, to) =>
        on ? `polygon(${from}px ${top}px, ${to}px ${top}px, ${to}px ${bottom}px, ${from}px ${bottom}px)` : 'none';
      for (const name of before) map.getPane(name).style.clipPath = box(left, middle);
      for (const name of after) map.getPane(name).style.clipPath = box(middle, right);
    }

    return {
      show(wanted, names) {
        on = wanted;
        if (on) map.getContainer().append(divider);
        else divider.remove();
        divider.setAttribute('aria-label', CM.t('divider'));
        labels.forEach((label, at) => (label.textContent = names ? names[at] : ''));
        move(percent);
      },
    };
  };
  CM.swipePanes = panes;
})(window.CoverageMap);
