// The values of the form stand in the address while one types, without a page being asked for: a copied link brings them back.
(function () {
  "use strict";
  function keepAddress(address) {
    if (address && window.location.pathname + window.location.search !== address && address.startsWith(window.location.pathname)) {
      window.history.replaceState(window.history.state, "", address);
    }
    return window.dash_clientside.no_update;
  }

  window.dash_clientside = Object.assign({}, window.dash_clientside);
  window.dash_clientside.clientele = Object.assign({}, window.dash_clientside.clientele, { keepAddress: keepAddress });
})();
