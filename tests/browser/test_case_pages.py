"""Runner, department, pickup desk and supervision: the way of a case by those who work on it, live and by keyboard."""

import itertools
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.demo_hall import ROOT, DemoHall, Watch, sign_in, until
from tests.browser.keyboard import tab_to

pytestmark = pytest.mark.browser

PHONE: dict[str, Any] = {"width": 390, "height": 844}
HR, CIVIL = "人社局", "民政局"
PICKUP = "\n  - { ids: L01, number: 31, zone: social, position: pickup }\ncases: { urgent_min: 0.01 }\npriority_groups:"
COLLECT = """
  - { id: collect, zone: social, name: { zh: 取件, en: Collection }, department: { zh: 中心, en: Centre }, position: pickup }
windows:"""
SETTLED = itertools.count(1)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoHall]:
    """A small hall with a pickup window, where urgent papers are late after half a second."""
    folder = tmp_path_factory.mktemp("office")
    text = (ROOT / "tests" / "hall" / "small_hall.yaml").read_text("utf-8")
    file = folder / "office.yaml"
    file.write_text(text.replace("\npriority_groups:", PICKUP).replace("\nwindows:", COLLECT, 1), "utf-8")
    running = DemoHall(folder / "data", hall_file=file)
    running.start()
    yield running
    running.kill()


def accept(hall: DemoHall, title: str, *departments: str, **fields: Any) -> str:
    """The clerk of S01 accepts an item for somebody; the number of its case."""
    clerk, ticket = hall.token(window="S01"), hall.issue("insurance")
    hall.post("/windows/S01/open", {}, clerk)
    hall.post("/windows/S01/call", {"ticket": ticket["number"]}, clerk)
    body = {"id": f"settled-{next(SETTLED)}", "outcome": "accepted", "title": title, **fields}
    view = hall.post("/windows/S01/settle", body | {"departments": list(departments or (HR,))}, clerk)
    hall.post("/windows/S01/finish", {}, clerk)
    number: str = view["settled"][-1]["case"]
    return number


def step(hall: DemoHall, case: str, name: str, **body: Any) -> Any:
    """A leader does a step, so that the test begins where it wants to."""
    return hall.post(f"/cases/{case}/{name}", body, hall.token(role="supervisor"))


def case_of(hall: DemoHall, case: str) -> Any:
    """The case as leaders see it."""
    return hall.get(f"/cases/{case}", hall.token(role="supervisor"))


@pytest.fixture
def enter(office: DemoHall, visit: Callable[..., Page], watch: Watch) -> Callable[..., Page]:
    """Opens a page as somebody who is signed in."""

    def open_page(path: str, role: str = "clerk", window: str | None = None, **how: Any) -> Page:
        watch.forgiven = ("401", "403")
        page = visit(f"{office.url}/sign-in", **how)
        sign_in(page, office, window, role)
        page.goto(f"{office.url}{path}")
        expect(page.locator("#main")).to_be_visible()
        return page

    return open_page


def test_a_runner_takes_papers(office: DemoHall, enter: Callable[..., Page]) -> None:
    """What is due first stands first, late in red; one tap takes one, a few taps several; new papers come by themselves."""
    slow, urgent = accept(office, "社保卡申领"), accept(office, "工伤认定", HR, CIVIL, urgent=True)
    page = enter("/runner", "runner", **PHONE)
    rows = page.locator("#carry > li")
    expect(rows.first).to_contain_text("工伤认定")
    expect(rows.first).to_contain_text("1号窗口 → 人社局、民政局")
    expect(rows.first.locator(".left")).to_have_attribute("data-pressing", "late")
    expect(rows.filter(has_text=slow).locator(".left")).to_have_attribute("data-pressing", "calm")
    third = accept(office, "失业金申领")
    expect(rows).to_have_count(3)
    rows.first.locator(".take").click()
    expect(page.locator("#mine")).to_contain_text(urgent)
    expect(rows).to_have_count(2)
    assert case_of(office, urgent)["legs"][1]["taken_by"] == "user:runner"
    page.locator("#all").click()
    page.locator("#take-chosen").click()
    expect(page.locator("#carry-empty")).to_be_visible()
    expect(page.locator("#mine > li")).to_have_count(3)
    expect(page.locator("#together")).to_be_hidden()
    for case in (slow, urgent, third):
        step(office, case, "sign", department=HR)
    # Two departments: half of them is still with the runner.
    expect(page.locator("#mine > li")).to_have_count(1)
    expect(page.locator("#mine")).to_contain_text("→ 民政局")
    step(office, urgent, "sign", department=CIVIL)


def test_a_department_signs_pauses_and_decides(office: DemoHall, enter: Callable[..., Page]) -> None:
    """With the keyboard alone: sign, stop the clock for a fee, go on, grant; then it is told that it was handed out."""
    case = accept(office, "社保关系转移", "市场监管局", name="赵一", phone="13900001111")
    user = next(user for user in office.demo["users"] if user.get("department") == "市场监管局")
    page = enter("/department", "department")
    page.request.post(f"{office.url}/api/v1/sign-in", data={k: user[k] for k in ("user", "password")})
    page.reload()
    expect(page.locator("#department-name")).to_have_text("市场监管局")
    expect(page.locator("#sign")).to_contain_text("社保关系转移")
    tab_to(page, "签收")
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_have_text(f"{case} 已签收")
    tab_to(page, "暂停计时")
    page.keyboard.press("Enter")
    page.locator("#pause-fee").fill("50")
    page.keyboard.press("Enter")
    expect(page.locator("#stopped")).to_contain_text("等待缴费 50.00 元")
    tab_to(page, "恢复计时")
    page.keyboard.press("Enter")
    expect(page.locator("#paid-title")).to_contain_text("50.00 元")
    assert case_of(office, case)["state"] == "paused"
    tab_to(page, "paid-go")
    page.keyboard.press("Enter")
    expect(page.locator("#decide")).to_contain_text(case)
    page.locator("#decide [data-step=answer]").click()
    expect(page.locator("#answer-facts")).to_contain_text("赵一")
    page.locator("#answer-form [value=granted]").check()
    page.locator("#answer-note").fill("符合条件")
    page.locator("#answer-go").click()
    expect(page.locator("#decided")).to_contain_text(case)
    assert [(each["kind"], each["text"]) for each in case_of(office, case)["notes"]] == [("answer", "符合条件")]
    step(office, case, "result", title="转移凭证", granted=True)
    expect(page.locator("#waiting")).to_contain_text(case)
    step(office, case, "hand-out", to="applicant", proof="card")
    expect(page.locator("#told")).to_contain_text("交给申请人本人 · 凭证遗失，已核对身份证")


def decided(hall: DemoHall, title: str, **fields: Any) -> str:
    """A case that a department has granted."""
    case = accept(hall, title, **fields)
    step(hall, case, "sign")
    step(hall, case, "answer", answer="granted")
    return case


def test_the_pickup_desk_compares_and_hands_out(office: DemoHall, enter: Callable[..., Page]) -> None:
    """A scanner types the voucher's address wherever the focus is; nothing is taken over that was not compared."""
    case = decided(office, "社保卡补领", name="钱二", phone="13900002222")
    page = enter("/pickup", window="L01")
    expect(page.locator("#decided")).to_contain_text(case)
    page.locator("body").click(position={"x": 5, "y": 300})
    page.keyboard.type(case)
    page.keyboard.press("Enter")
    expect(page.locator("#one-heading")).to_have_text("社保卡补领")
    expect(page.locator("#checks")).to_contain_text("钱二")
    expect(page.locator("#result-go")).to_be_disabled()
    page.locator("#result-form [value=yes]").check()
    for box in page.locator("#checks input").all()[1:]:
        box.check()
    expect(page.locator("#result-go")).to_be_disabled()
    # The name is another: back to the department, with the reason that was not ticked.
    page.locator("#mismatch").click()
    expect(page.locator("#return-form [value=name]")).to_be_checked()
    page.locator("#return-go").click()
    expect(page.locator("#not-yet")).to_be_visible()
    assert case_of(office, case)["returned"] == 1
    assert case_of(office, case)["legs"][0]["returned_for"] == "name"
    step(office, case, "answer", answer="granted")
    expect(page.locator("#result-form")).to_be_visible()
    # The scanner brings the whole address; the proof is the voucher then.
    step(office, case, "result", title="社保卡", granted=True)
    expect(page.locator("#hand-form")).to_be_visible()
    token = voucher_of(office, case)
    page.locator("h1").click()
    page.keyboard.type(f"{office.url}/c/{token}")
    page.keyboard.press("Enter")
    expect(page.locator("#hand-form [value=shown]")).to_be_checked()
    page.locator("#hand-form [value=agent]").check()
    page.locator("#agent").fill("李建国")
    page.locator("#hand-form [value=letter]").check()
    page.locator("#hand-go").click()
    expect(page.locator("#not-yet")).to_contain_text("结果已发放")
    expect(page.locator("#scan")).to_be_focused()
    expect(page.locator("#receipt")).to_have_attribute("href", re.compile(r"/papers/receipt\.pdf$"))
    told = case_of(office, case)
    assert (told["handed_to"], told["proof"], told["ended_by"]) == ("agent", "voucher", "user:clerk-l01")


def voucher_of(hall: DemoHall, case: str) -> str:
    """The token on the voucher, made as the server makes it."""
    from server.accounts import Accounts
    from server.links import TicketLinks

    accounts = Accounts(hall.data / "accounts.db")
    token = TicketLinks(accounts.secret("ticket-links")).case_token(case_of(hall, case)["id"])
    accounts.close()
    return token


def test_results_are_posted_and_reported(office: DemoHall, enter: Callable[..., Page], watch: Watch) -> None:
    """Carrier and number at the desk; the delivery closes the case; what nobody knows finds nothing."""
    case = decided(office, "社保证明邮寄", delivery="post", name="孙三", phone="13900003333", address="兴国镇1号")
    step(office, case, "result", title="证明", granted=True)
    page = enter("/pickup", window="L01")
    watch.forgiven = (*watch.forgiven, "409", "422")  # a slip is asked about, a wrong report refused
    expect(page.locator("#scan")).to_be_focused()
    page.keyboard.type("没有这个")
    page.keyboard.press("Enter")
    expect(page.locator("#found-count")).to_contain_text("没有找到办件")
    page.locator("#outgoing button").click()
    expect(page.locator("#one-facts")).to_contain_text("兴国镇1号")
    page.locator("#carrier").select_option("EMS")
    expect(page.locator("#tracking-hint")).to_contain_text("13 位数字")
    page.locator("#tracking").fill("EA12345678CN")
    page.locator("#post-go").click()
    expect(page.locator("#sure-question")).to_contain_text("EMS的单号通常不是这样")
    page.locator("#sure-dialog button").first.click()
    expect(page.locator("#post-form")).to_be_visible()
    page.locator("#tracking").fill("ea 123456789 cn")
    page.locator("#post-go").click()
    expect(page.locator("#posted")).to_contain_text("EA123456789CN")
    page.locator("#delivered").click()
    page.locator("#delivered-carrier").select_option("EMS")
    page.locator("#delivered-tracking").fill("EA123456780CN")
    page.locator("#delivered-go").click()
    expect(page.locator("#delivered-trouble")).to_contain_text("不一致")
    page.locator("#delivered-tracking").fill("EA123456789CN")
    page.locator("#delivered-go").click()
    expect(page.locator("#not-yet")).to_contain_text("结果已发放")
    assert case_of(office, case)["state"] == "delivered"


def test_missing_papers_come_one_by_one(office: DemoHall, enter: Callable[..., Page]) -> None:
    """A result is not taken over while papers are missing, and says so at the button; each that came is ticked by itself."""
    case = decided(office, "容缺用例", outcome="accepted_missing", lacks=["结婚证", "照片"], promise_on=later(office))
    page = enter("/pickup", window="L01")
    page.locator("#decided button").filter(has_text=case).click()
    page.locator("#result-form [value=yes]").check()
    for box in page.locator("#checks input").all():
        box.check()
    expect(page.locator("#result-held")).to_contain_text("结婚证、照片")
    expect(page.locator("#result-go")).to_be_disabled()
    page.locator("#papers").click()
    expect(page.locator("#papers-go")).to_be_disabled()
    page.locator("#papers-list [value=照片]").check()
    page.locator("#papers-go").click()
    expect(page.locator("#said")).to_have_text(f"{case} 已补交 1 份材料")
    assert case_of(office, case)["lacks"] == ["结婚证"]
    page.locator("#papers").click()
    page.locator("#papers-all").click()
    page.locator("#papers-go").click()
    expect(page.locator("#result-held")).to_be_hidden()
    expect(page.locator("#result-go")).to_be_enabled()
    page.locator("#result-go").click()
    expect(page.locator("#hand-form")).to_be_visible()


def later(hall: DemoHall) -> str:
    """A day in the hall that is not over yet."""
    day: str = hall.get("/cases/overview", hall.token(role="supervisor"))["now"][:10]
    return day


def test_who_is_called_to_the_desk_brings_his_case(office: DemoHall, enter: Callable[..., Page]) -> None:
    """A ticket taken with the voucher, called at this window: the case lies open before its citizen is here."""
    case = decided(office, "取件用例", name="李四", phone="13900004444")
    step(office, case, "result", title="证书", granted=True)
    page = enter("/pickup", window="L01")
    expect(page.locator("#ready")).to_contain_text(case)
    ticket = office.post("/tickets", {"voucher": voucher_of(office, case)}, office.demo["kiosk_token"])
    desk = office.token(window="L01")
    office.post("/windows/L01/open", {}, desk)
    office.post("/windows/L01/call", {"ticket": ticket["number"]}, desk)
    expect(page.locator("#one-number")).to_have_text(case)
    expect(page.locator("#said")).to_have_text(f"{ticket['number']} 已呼叫到本窗口")
    expect(page.locator("#hand-form")).to_be_visible()


def test_a_clerk_elsewhere_has_no_pickup_desk(office: DemoHall, visit: Callable[..., Page], watch: Watch) -> None:
    """The page says where to sign in and shows nothing."""
    watch.forgiven = ("401", "403")
    page = visit(f"{office.url}/sign-in")
    sign_in(page, office, "S02")
    page.goto(f"{office.url}/pickup")
    expect(page.locator("#refused")).to_contain_text("取件窗口")
    expect(page.locator("#main")).to_be_hidden()


def test_supervision_shows_what_is_late_and_with_whom(office: DemoHall, enter: Callable[..., Page]) -> None:
    """Late steps first with who and how long, the manager's page warns and leads here; states and words narrow the list."""
    case = accept(office, "监察用例", CIVIL, urgent=True)
    step(office, case, "take")
    leader = office.token(role="supervisor")
    until(lambda: case in [x["number"] for x in office.get("/cases/overview", leader)["late"]], 10, "the case is late")
    page = enter("/manage", "manager")
    expect(page.locator("#case-alarms")).to_contain_text("件办件超时")
    page.locator("#case-alarms a").click()
    late = page.locator("#late li").filter(has_text=case)
    name = office.get("/me", leader)["name"]
    assert name != "supervisor", "the demo's people have names"
    expect(late).to_contain_text(re.compile(rf"材料未签收：民政局 · {name}，超时 (不到 1|\d+) 分钟"))
    page.locator("#q").fill("监察用例")
    expect(page.locator("#cases tr")).to_have_count(1)
    expect(page.locator("#cases")).to_contain_text(f"民政局（{name} 送达中）")
    page.locator("#states button").filter(has_text="审批中").click()
    expect(page.locator("#cases tr")).to_have_count(0)
    step(office, case, "sign")
    expect(page.locator("#cases tr")).to_have_count(1)
    expect(page.locator("#late li").filter(has_text=case)).to_have_count(0)
    page.locator("#cases .open-case").click()
    expect(page.locator("#case-timeline")).to_contain_text("民政局签收材料")


def test_more_cases_than_are_shown(enter: Callable[..., Page]) -> None:
    """A list that is cut off says how many there are, and a press shows more; what one answer cannot hold is asked on."""
    page = enter("/runner", "runner")
    told = page.evaluate(
        """async () => {
          const { CaseList } = await import("/static/cases/cases.js");
          const all = Array.from({ length: 1300 }, (_, n) => ({ number: String(n) }));
          const box = document.querySelector("#more-cases");
          const told = [];
          let asked = [];
          const list = new CaseList(600, () => {});
          const ask = (path) => {
            const [from, limit] = ["offset", "limit"].map((name) => Number(new URLSearchParams(path.split("?")[1]).get(name)));
            asked.push(from);
            return Promise.resolve({ cases: all.slice(from, from + limit), total: all.length });
          };
          for (let n = 0; n < 3; n += 1) {
            asked = [];
            const cases = await list.read(ask, "state=transit");
            told.push([cases.length, asked, box.hidden, box.querySelector("span").textContent]);
            box.querySelector("button").click();
          }
          return told;
        }"""
    )
    assert [each[:3] for each in told] == [
        [600, [0, 500], False], [1200, [0, 500, 1000], False], [1300, [0, 500, 1000], True],
    ]  # fmt: skip
    assert told[1][3] == "前 1200 件，共 1300 件，按时限先后排列"


def test_originals_and_parcels(office: DemoHall, enter: Callable[..., Page]) -> None:
    """All originals of a day are ticked off at once; a parcel is signed for, sorted and registered with its case."""
    case = accept(office, "归档用例")
    page = enter("/supervision", "manager")
    # What is still carried to the department cannot be in the archive.
    row = page.locator("#archive tr").filter(has_text=case)
    expect(row).to_contain_text("部门尚未签收")
    expect(row.locator("input")).to_be_disabled()
    expect(page.locator("#archive-go")).to_be_disabled()
    step(office, case, "sign")
    expect(row.locator("input")).to_be_enabled()
    page.locator("#archive-all").check()
    page.locator("#archive-go").click()
    expect(page.locator("#archive-said")).to_contain_text("原件已归档")
    expect(page.locator("#archive input:not(:checked)")).to_have_count(0)
    expect(page.locator('[data-total="unfiled"]')).to_have_text("0")
    page.locator("#parcel-carrier").fill("EMS")
    page.locator("#parcel-tracking").fill("EB123456789CN")
    page.locator("#parcel-note").fill("户口簿")
    page.keyboard.press("Enter")
    parcel = page.locator("#parcels li").filter(has_text="EB123456789CN")
    parcel.locator("select").select_option(HR)
    parcel.locator(".register").click()
    page.locator("#register-case").fill(case)
    page.locator("#register-go").click()
    expect(parcel).to_contain_text(f"办件 {case}")


def test_signing_in_leads_to_the_own_page(office: DemoHall, visit: Callable[..., Page]) -> None:
    """Runners and departments are sent to their work."""
    for role in ("runner", "department"):
        user = office.login(role=role)
        page = visit(f"{office.url}/sign-in")
        page.locator("#user").fill(user["user"])
        page.locator("#password").fill(user["password"])
        page.locator("#go").click()
        page.wait_for_url(f"{office.url}/{role}")
        expect(page.locator("#main")).to_be_visible()
