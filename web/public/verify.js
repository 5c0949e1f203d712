// Compares a chosen PDF with the digest of the document that was issued; the file never leaves the browser.
for (const area of document.querySelectorAll(".drop")) {
  const input = area.querySelector("input");
  const compare = async (file) => {
    const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    const found = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    const verdict = found === area.dataset.sha256 ? "same" : "differs";
    area.dataset.verdict = verdict;
    area.querySelector("output").textContent = area.dataset[verdict];
  };
  // Without a secure context the browser has no digest; the paper is compared by eye then.
  area.hidden = !globalThis.crypto?.subtle;
  input.addEventListener("change", () => input.files[0] && compare(input.files[0]));
  area.addEventListener("dragover", (event) => event.preventDefault());
  area.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files[0]) compare(event.dataTransfer.files[0]);
  });
}
