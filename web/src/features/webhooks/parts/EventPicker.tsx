import { Accordion, Checkbox, Group, Stack, Switch, Text, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import { type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLabel } from "../../../i18n/label";
import { Code } from "../../../ui/Code";
import { byNoun, chosenOf, covers, EVERYTHING, withNoun, withType } from "../patterns";
import { type AppEvents, eventsQuery } from "../queries";
import classes from "./EventPicker.module.css";

type Props = { patterns: string[]; onChange: (patterns: string[]) => void; error?: ReactNode };
type Events = AppEvents["events"];

/** The events of every app, chosen all at once, noun by noun, or one by one. */
export function EventPicker({ patterns, onChange, error }: Props) {
  const { t } = useTranslation();
  const fault = useId();
  const [sought, setSought] = useState("");
  const isEverything = patterns.includes(EVERYTHING);
  return (
    <Stack gap="sm" role="group" aria-describedby={error ? fault : undefined}>
      <Switch
        label={t("webhooks.events.everything")}
        description={t("webhooks.events.everythingHint")}
        checked={isEverything}
        onChange={(event) => onChange(event.currentTarget.checked ? [EVERYTHING] : [])}
      />
      {!isEverything && (
        <>
          <TextInput
            aria-label={t("webhooks.events.search")}
            placeholder={t("webhooks.events.search")}
            leftSection={<IconSearch size={16} aria-hidden="true" />}
            value={sought}
            onChange={(event) => setSought(event.currentTarget.value)}
          />
          <Apps patterns={patterns} onChange={onChange} sought={sought.trim().toLowerCase()} />
        </>
      )}
      {error && (
        <Text size="sm" id={fault} className={classes.error ?? ""}>
          {error}
        </Text>
      )}
    </Stack>
  );
}

type AppsProps = Pick<Props, "patterns" | "onChange"> & { sought: string };

function Apps({ patterns, onChange, sought }: AppsProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const { data: apps } = useSuspenseQuery(eventsQuery);
  const [open, setOpen] = useState<string[]>(() =>
    apps.filter(({ events }) => events.some(({ type }) => covers(patterns, type))).map(({ app }) => app),
  );
  const found = apps
    .map(({ app, events }) => ({ app, all: events, events: events.filter((event) => says(event, sought)) }))
    .filter(({ events }) => events.length > 0);
  if (found.length === 0) return <Text size="sm">{t("webhooks.events.nothing")}</Text>;
  return (
    <Accordion
      multiple
      variant="separated"
      value={sought ? found.map(({ app }) => app) : open}
      onChange={setOpen}
    >
      {found.map(({ app, all, events }) => (
        <Accordion.Item key={app} value={app}>
          <Accordion.Control>
            <Group justify="space-between" pe="sm">
              <span>{label("webhooks.app", app)}</span>
              <Text size="sm" c="dimmed">
                {t("webhooks.events.chosen", {
                  chosen: all.filter(({ type }) => covers(patterns, type)).length,
                  all: all.length,
                })}
              </Text>
            </Group>
          </Accordion.Control>
          <Accordion.Panel>
            <Nouns patterns={patterns} onChange={onChange} events={events} all={all} />
          </Accordion.Panel>
        </Accordion.Item>
      ))}
    </Accordion>
  );
}

const says = ({ type, meaning }: Events[number], sought: string) =>
  `${type} ${meaning}`.toLowerCase().includes(sought);

type NounsProps = Pick<Props, "patterns" | "onChange"> & { events: Events; all: Events };

function Nouns({ patterns, onChange, events, all }: NounsProps) {
  const { t, i18n } = useTranslation();
  // The catalogue speaks English, as its codes do; other readers have the codes.
  const isCatalogues = i18n.language === "en";
  const whole = new Map(byNoun(all));
  return (
    <div className={classes.nouns}>
      {byNoun(events).map(([noun, shown]) => {
        const types = (whole.get(noun) ?? []).map(({ type }) => type);
        const chosen = chosenOf(patterns, types);
        return (
          <div key={noun} className={classes.noun}>
            <Checkbox
              label={<Code>{`${noun}.*`}</Code>}
              aria-label={t("webhooks.events.allOf", { noun })}
              checked={chosen === "all"}
              indeterminate={chosen === "some"}
              onChange={(event) => onChange(withNoun(patterns, noun, event.currentTarget.checked))}
            />
            <Stack gap={4} mt={4} className={classes.types ?? ""}>
              {shown.map(({ type, meaning }) => (
                <Checkbox
                  key={type}
                  size="xs"
                  label={<Code>{type}</Code>}
                  description={isCatalogues && meaning}
                  checked={covers(patterns, type)}
                  onChange={(event) => onChange(withType(patterns, type, event.currentTarget.checked, types))}
                />
              ))}
            </Stack>
          </div>
        );
      })}
    </div>
  );
}
