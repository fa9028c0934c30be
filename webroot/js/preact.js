// The one place that names the library's version; it comes from a WebJar of the server's build.
export { Component, Fragment, h, render } from '/lib/preact/10.27.0/dist/preact.module.js';
