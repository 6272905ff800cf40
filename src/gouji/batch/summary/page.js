"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const byId = (id) => document.getElementById(id);
  const STEP = 50;
  const column = Object.fromEntries(data.columns.map((name, at) => [name, at]));
  const field = Object.fromEntries(data.findings.map((name, at) => [name, at]));
  const word = (row, name) => (row[field[name]] === null ? "" : data.words[row[field[name]]]);
  const chosen = { department: null, state: "", severity: "", form: "", rule: "", search: "" };
  const order = { by: null, down: true };
  const shown = { departments: STEP, findings: STEP };
  const SHOWN = ["级别", "规则", "文件", "工作表", "单元格", "说明", "填的", "应为", "改法"];

  // what a search looks through, built once
  const texts = data.rows.map((row) => [data.departments[row[0]][0], ...data.findings.slice(1).map((name) => word(row, name))].join(" ").toLowerCase());

  const element = (name, text, kind) => {
    const made = document.createElement(name);
    if (text !== undefined && text !== null) made.textContent = text;
    if (kind) made.className = kind;
    return made;
  };
  const tag = (text) => element("span", text, "tag " + text);

  const fill = (id, values) => {
    for (const [value, text] of values) {
      const option = element("option", text);
      option.value = value;
      byId(id).append(option);
    }
  };
  const distinct = (name) => [...new Set(data.rows.map((row) => row[field[name]]))].filter((at) => at !== null).map((at) => data.words[at]);
  fill("state", ["需改正", "没有检查成", "请核对", "没有问题"].map((each) => [each, each]));
  fill("severity", ["错误", "警告", "提示"].map((each) => [each, each]));
  fill("form", [...new Set(data.departments.map((row) => row[column["表式"]]))].sort().map((each) => [each, each]));
  const names = new Map(data.rows.map((row) => [word(row, "规则"), word(row, "规则名称")]));
  fill("rule", distinct("规则").sort().map((code) => [code, code + " " + names.get(code)]));

  const departmentFits = (row) => (!chosen.state || row[column["状态"]] === chosen.state) && (!chosen.form || row[column["表式"]] === chosen.form);

  const select = () => {
    const found = [];
    const with_ = new Set();
    data.rows.forEach((row, at) => {
      if (!departmentFits(data.departments[row[0]])) return;
      if (chosen.severity && word(row, "级别") !== chosen.severity) return;
      if (chosen.rule && word(row, "规则") !== chosen.rule) return;
      if (chosen.search && !texts[at].includes(chosen.search)) return;
      with_.add(row[0]);
      if (chosen.department === null || chosen.department === row[0]) found.push(row);
    });
    const narrowed = chosen.severity || chosen.rule || chosen.search;
    const departments = [];
    data.departments.forEach((row, at) => {
      if (!departmentFits(row)) return;
      const named = chosen.search && String(row[0]).toLowerCase().includes(chosen.search) && !chosen.severity && !chosen.rule;
      if (!narrowed || with_.has(at) || named) departments.push(at);
    });
    if (order.by !== null) {
      const key = (at) => data.departments[at][order.by];
      departments.sort((one, other) => {
        const [a, b] = [key(one), key(other)];
        if (a === b) return one - other;
        if (a === null) return 1;
        if (b === null) return -1;
        const less = typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "zh");
        return order.down ? -less : less;
      });
    }
    return [departments, found];
  };

  const rows = (id, list, make) => {
    const body = byId(id).tBodies[0];
    body.replaceChildren(...list.slice(0, shown[id]).map(make));
    byId(id).parentElement.querySelector(".more").hidden = list.length <= shown[id];
  };

  const departmentRow = (at) => {
    const row = data.departments[at];
    const made = element("tr", null, chosen.department === at ? "chosen" : "");
    row.forEach((value, col) => {
      const name = data.columns[col];
      const cell = element("td", null, typeof value === "number" && name !== "年度" ? "figure" : "");
      if (name === "状态") cell.append(tag(value));
      else if (name === "副本" && value) {
        const link = element("a", "打开副本");
        link.href = value;
        link.addEventListener("click", (event) => event.stopPropagation());
        cell.append(link);
      } else if (name === "执行率" && value !== null) cell.textContent = value.toFixed(2) + "%";
      else cell.textContent = value === null ? "" : value;
      made.append(cell);
    });
    made.addEventListener("click", () => {
      chosen.department = chosen.department === at ? null : at;
      shown.findings = STEP;
      draw();
    });
    return made;
  };

  const findingRow = (row) => {
    const made = element("tr");
    made.append(element("td", data.departments[row[0]][0]));
    for (const name of SHOWN) {
      const cell = element("td");
      if (name === "级别") cell.append(tag(word(row, name)));
      else cell.textContent = word(row, name);
      made.append(cell);
    }
    return made;
  };

  const draw = () => {
    const [departments, found] = select();
    rows("departments", departments, departmentRow);
    rows("findings", found, findingRow);
    const only = chosen.department === null ? "" : "（只看 " + data.departments[chosen.department][0] + "）";
    byId("told").textContent = departments.length + " 个单位，" + found.length + " 处问题" + only;
    for (const id of ["state", "severity", "form", "rule"]) byId(id).value = chosen[id];
  };

  const head = (id, labels, click) => {
    const row = element("tr");
    labels.forEach((label, at) => {
      const figures = click && data.departments.some((each) => typeof each[at] === "number") && label !== "年度";
      const cell = element("th", label, figures ? "figure" : "");
      if (click) cell.addEventListener("click", () => click(at));
      row.append(cell);
    });
    byId(id).tHead.append(row);
  };
  head("departments", data.columns, (at) => {
    order.down = order.by === at ? !order.down : true;
    order.by = at;
    draw();
  });
  head("findings", ["单位", ...SHOWN]);

  const again = () => {
    shown.departments = shown.findings = STEP;
    draw();
  };
  for (const id of ["state", "severity", "form", "rule"]) {
    byId(id).addEventListener("change", (event) => {
      chosen[id] = event.target.value;
      again();
    });
  }
  byId("search").addEventListener("input", (event) => {
    chosen.search = event.target.value.trim().toLowerCase();
    again();
  });
  byId("clear").addEventListener("click", () => {
    Object.assign(chosen, { department: null, state: "", severity: "", form: "", rule: "", search: "" });
    byId("search").value = "";
    order.by = null;
    again();
  });
  byId("print").addEventListener("click", () => {
    shown.departments = shown.findings = 5000;
    draw();
    window.print();
    again();
  });
  for (const bar of document.querySelectorAll(".bar")) {
    const [kind, value] = bar.dataset.pick.split(":");
    if (!value) continue;
    bar.addEventListener("click", () => {
      chosen[kind] = chosen[kind] === value ? "" : value;
      again();
    });
  }
  for (const id of ["departments", "findings"]) {
    byId(id).parentElement.querySelector(".more").addEventListener("click", () => {
      shown[id] += STEP;
      draw();
    });
  }
  draw();
})();
