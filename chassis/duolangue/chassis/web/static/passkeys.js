// Passkeys: shows what offers them where the browser knows them, and carries what is signed to our forms.
(() => {
  "use strict";
  const bytes = text => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), sign => sign.charCodeAt(0));
  const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

  const asked = {
    create: options => navigator.credentials.create({publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      user: {...options.user, id: bytes(options.user.id)},
      excludeCredentials: options.excludeCredentials.map(each => ({...each, id: bytes(each.id)})),
    }}),
    get: options => navigator.credentials.get({publicKey: {...options, challenge: bytes(options.challenge), allowCredentials: []}}),
  };

  const told = credential => {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) response[name] = text(credential.response[name]);
    }
    return JSON.stringify({id: credential.id, rawId: text(credential.rawId), type: credential.type, response});
  };

  const say = (form, what) => {
    for (const each of form.querySelectorAll("[data-when]")) each.hidden = each.dataset.when !== what;
  };

  const send = async form => {
    const button = form.querySelector("button");
    say(form, "");
    button.disabled = true;
    try {
      const answer = await fetch(form.dataset.options, {method: "POST", headers: {Accept: "application/json"}});
      if (!answer.ok) throw new Error("refused");
      form.elements.answer.value = told(await asked[form.dataset.passkey](await answer.json()));
      form.submit();
    } catch (error) {
      say(form, error.name === "InvalidStateError" ? "known" : "failed");
    } finally {
      button.disabled = false;
    }
  };

  if (!window.PublicKeyCredential) return;
  for (const place of document.querySelectorAll("[data-passkeys]")) {
    if (place.dataset.passkeys === location.origin) place.hidden = false;
  }
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.addEventListener("submit", event => {
      event.preventDefault();
      send(form);
    });
  }
})();
