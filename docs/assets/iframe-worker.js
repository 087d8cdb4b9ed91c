// A page opened from a folder may start no worker, and the search of the site runs in one. There it gets a hidden frame
// that behaves as a worker does; a page from a server keeps the browser's own.
if (location.protocol === "file:") {
  const inside = `
    self.postMessage = data => parent.dispatchEvent(new MessageEvent("frame-worker", { data: [self.name, data] }));
    self.importScripts = (...addresses) => addresses.reduce((before, address) => before.then(() => new Promise((done, failed) => {
      const script = document.createElement("script");
      Object.assign(script, { src: address, onload: done, onerror: failed });
      document.head.append(script);
    })), Promise.resolve());`;
  let made = 0;

  window.IFrameWorker = class extends EventTarget {
    constructor(address) {
      super();
      const frame = document.createElement("iframe");
      frame.hidden = true;
      frame.name = "frame-worker-" + made++;
      frame.srcdoc = `<script>${inside}<\/script><script src="${new URL(address, location.href)}"><\/script>`;
      this.ready = new Promise(loaded => frame.addEventListener("load", () => loaded(frame.contentWindow)));
      addEventListener("frame-worker", ({ data: [name, data] }) => {
        if (name === frame.name) this.dispatchEvent(new MessageEvent("message", { data }));
      });
      document.body.append(frame);
    }

    postMessage(data) {
      this.ready.then(worker => worker.dispatchEvent(new MessageEvent("message", { data })));
    }
  };
  window.Worker = window.IFrameWorker;
}
