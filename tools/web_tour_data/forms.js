// Scripts of `tools/web_tour.py`: fill forms of the control room before a picture is taken. Each acts once a page.

// Opens everything that is folded, so that each form is in the picture.
function unfold(within = "main") {
  for (const each of document.querySelectorAll(`${within} details:not(.menu)`)) {
    each.removeAttribute("name");
    each.open = true;
  }
}

const put = (id, value) => { document.getElementById(id).value = value; };

function choose(input, file) {
  const files = new DataTransfer();
  files.items.add(file);
  input.files = files.files;
  input.dispatchEvent(new Event("change", {bubbles: true}));
}

// Fills the composer of injects, with a picture, and opens its preview.
function compose() {
  if (document.getElementById("n-text").value) return;
  put("n-template", "post");
  put("n-sender", "@harbourwatch");
  put("n-title", "The harbour of Incheon is closed");
  put("n-text", "Police have closed the harbour of **Incheon**. Three ferries wait outside; nobody says for how long.");
  put("n-alt", "A chart of the harbour");
  put("n-ask", "Do you close other harbours? | yes | no\nWho speaks to the press?");
  document.querySelector('[name="--to"][value=KOR]').checked = true;
  const canvas = Object.assign(document.createElement("canvas"), {width: 640, height: 360}), pen = canvas.getContext("2d");
  for (const [colour, ...box] of [["#8fb3cc", 0, 0, 640, 360], ["#d9cfb8", 0, 220, 420, 140]]) {
    pen.fillStyle = colour;
    pen.fillRect(...box);
  }
  canvas.toBlob((blob) => choose(document.getElementById("n-upload"), new File([blob], "harbour.png", {type: "image/png"})));
  setTimeout(() => document.querySelector("[data-preview]").click(), 2000);
}

// Reads a sheet whose teams are no governments.
function sheet() {
  const input = document.getElementById("import-file");
  if (!input || document.body.dataset.chosen) return;
  document.body.dataset.chosen = "yes";
  const text = "Event #,Event Time,Event Description,Recipient Player(s)\n"
    + "01,2017-07-01 09:00,The ferry is six hours late.,Command Center\n"
    + '02,2017-07-02 09:10,A boat drifts east of the line.,"ED, Command Center"\n';
  choose(input, new File([text], "harbour.csv", {type: "text/csv"}));
}
