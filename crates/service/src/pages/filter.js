const box = document.getElementById("filter");
const told = document.getElementById("told");
const rows = [...document.querySelectorAll("tbody tr")];
const narrow = () => {
  const wanted = box.value.trim().toLowerCase();
  for (const row of rows) row.hidden = !row.cells[0].textContent.toLowerCase().includes(wanted);
  const shown = rows.filter(row => !row.hidden).length;
  told.textContent = wanted && `${shown} of ${rows.length}`;
};
box.addEventListener("input", narrow);
box.closest("[hidden]").hidden = false;
narrow();
