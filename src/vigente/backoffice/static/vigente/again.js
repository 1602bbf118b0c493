// On the page of a database that is away: asks now and then, and shows the page once it is back.
(() => {
  const SECONDS = 5;
  const ask = async () => {
    try {
      const answer = await fetch(location.href);
      if (answer.status !== 503) { location.replace(location.href); return; }
    } catch { /* the server itself may be starting */ }
    setTimeout(ask, SECONDS * 1000);
  };
  setTimeout(ask, SECONDS * 1000);
})();
