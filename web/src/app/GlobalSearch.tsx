import { useDebouncedValue } from "@mantine/hooks";
import { Spotlight } from "@mantine/spotlight";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { client, ok } from "../api/client";
import { useLabel } from "../i18n/label";
import { Bidi } from "../ui/Bidi";
import { isClientUrl, safeUrl } from "../ui/ServerLink";
import { useNavigation } from "./navigation";

const MIN_LETTERS = 2;

/** Ctrl/Cmd+K: pages of this client at once, records of the server as one types. */
export function GlobalSearch() {
  const { t } = useTranslation();
  const label = useLabel();
  const router = useRouter();
  const [typed, setTyped] = useState("");
  const [q] = useDebouncedValue(typed.trim(), 200);
  const { data, isFetching } = useQuery({
    queryKey: ["search", q],
    queryFn: ({ signal }) => ok(client.GET("/api/v1/search/", { params: { query: { q } }, signal })),
    enabled: q.length >= MIN_LETTERS,
  });
  const words = typed.trim().toLowerCase();
  const pages = useNavigation()
    .flatMap((area) => area.items)
    .map((item) => ({ ...item, label: t(`app.nav.items.${item.key}`) }))
    .filter((page) => page.label.toLowerCase().includes(words));
  const found = q.length >= MIN_LETTERS ? (data?.results ?? []) : [];
  const go = (url: string) => {
    if (isClientUrl(url)) router.history.push(url);
    else window.location.assign(safeUrl(url));
  };
  const isNothing = pages.length === 0 && found.length === 0 && !isFetching;
  return (
    <Spotlight.Root query={typed} onQueryChange={setTyped} shortcut="mod + K" maxHeight={440} scrollable>
      <Spotlight.Search
        placeholder={t("app.search.placeholder")}
        aria-label={t("app.search.open")}
        leftSection={<IconSearch size={18} aria-hidden="true" />}
      />
      <Spotlight.ActionsList>
        {/* Pages stand first: they are there before the server answers, so the selection never jumps. */}
        {pages.length > 0 && (
          <Spotlight.ActionsGroup label={t("app.search.pages")}>
            {pages.map(({ key, to, icon: Icon, label: called }) => (
              <Spotlight.Action
                key={key}
                label={called}
                leftSection={<Icon size={18} stroke={1.6} />}
                onClick={() => go(to)}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {found.length > 0 && (
          <Spotlight.ActionsGroup label={t("app.search.results")}>
            {found.map((hit) => (
              <Spotlight.Action key={`${hit.kind}${hit.url}`} onClick={() => go(hit.url)}>
                <span style={{ flex: 1, minWidth: 0 }}>
                  <Bidi>{hit.title}</Bidi>
                  <small style={{ display: "block", color: "var(--mantine-color-dimmed)" }}>
                    {label("app.search.kinds", hit.kind)} · <Bidi>{hit.subtitle}</Bidi>
                  </small>
                </span>
              </Spotlight.Action>
            ))}
          </Spotlight.ActionsGroup>
        )}
        {isNothing && (
          <Spotlight.Empty>
            {words.length < MIN_LETTERS ? t("app.search.hint") : t("app.search.nothing", { query: typed })}
          </Spotlight.Empty>
        )}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}
