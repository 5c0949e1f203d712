// What an announcement may look like, and what it can never become.
import { render, screen } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { Markdown } from "./Markdown";
import { plainOf } from "./markdown";

const html = (text: string) => render(<Markdown>{text}</Markdown>).container.firstElementChild?.innerHTML;
const LINK = 'target="_blank" rel="noopener noreferrer nofollow"';

describe("the marks", () => {
  test.each([
    ["One\ntwo\n\nthree", '<p dir="auto">One<br>two</p><p dir="auto">three</p>'],
    ["**Hall 2**, *not* _Hall 1_", '<p dir="auto"><strong>Hall 2</strong>, <em>not</em> <em>Hall 1</em></p>'],
    ["**bold *and slanted***", '<p dir="auto"><strong>bold <em>and slanted</em></strong></p>'],
    [
      "Bring:\n- a coat\n- a pen",
      '<p dir="auto">Bring:</p><ul dir="auto"><li>a coat</li><li>a pen</li></ul>',
    ],
    ["3. third\n4. fourth", '<ol dir="auto" start="3"><li>third</li><li>fourth</li></ol>'],
    ["[Plan](https://x.org/a)", `<p dir="auto"><a href="https://x.org/a" ${LINK}>Plan</a></p>`],
    ["See https://x.org/a.", `<p dir="auto">See <a href="https://x.org/a" ${LINK}>https://x.org/a</a>.</p>`],
    ["\\*as it is\\*", '<p dir="auto">*as it is*</p>'],
    ["a * b * c, snake_case_name, 2 ** 3", '<p dir="auto">a * b * c, snake_case_name, 2 ** 3</p>'],
  ])("%j", (text, expected) => {
    expect(html(text)).toBe(expected);
  });
});

describe("what is not one of them stays text", () => {
  test.each([
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "[press](javascript:alert(1))",
    "[press](data:text/html,x)",
    "[press](//evil.example)",
    "[press](ftp://x.org/a)",
    "# no heading",
    "![no picture](https:x.png)",
  ])("%j", (text) => {
    const { container } = render(<Markdown>{text}</Markdown>);
    expect(container).toHaveTextContent(text);
    expect(container.querySelectorAll("a, script, img, h1, [onerror]")).toHaveLength(0);
  });

  test("a link within a link is one link", () => {
    render(<Markdown>{"[https://a.org](https://b.org)"}</Markdown>);
    expect(screen.getAllByRole("link").map((link) => link.getAttribute("href"))).toEqual(["https://b.org"]);
  });

  test("marks without an end do not hold the page up", () => {
    const begin = performance.now();
    html("**a _b [c](".repeat(1_000));
    expect(performance.now() - begin).toBeLessThan(1_000);
  });
});

test("a notice of one line has the words alone", () => {
  expect(plainOf("**Hall 2**\n\n- at [eight](https://x.org)\n- not at nine")).toBe(
    "Hall 2 at eight not at nine",
  );
});
