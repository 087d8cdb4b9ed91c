/* Making page elements. Text only ever goes in as text. */
(function (CM) {
  'use strict';
  const SVG = 'http://www.w3.org/2000/svg';

  function fill(node, attributes, children) {
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value === undefined || value === null || value === false) continue;
      if (name === 'style') for (const [key, is] of Object.entries(value)) node.style.setProperty(key, is);
      else if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
      else if (name === 'checked' || name === 'value' || name === 'selected') node[name] = value;
      else node.setAttribute(name, value === true ? '' : value);
    }
    for (const child of [].concat(children === undefined ? [] : children)) {
      if (child !== null && child !== undefined) node.append(child);
    }
    return node;
  }

  CM.el = (tag, attributes, children) => fill(document.createElement(tag), attributes, children);
  CM.svg = (tag, attributes, children) => fill(document.createElementNS(SVG, tag), attributes, children);
  CM.replace = (node, children) => node.replaceChildren(...children.filter(Boolean));
})((window.CoverageMap = window.CoverageMap || {}));
