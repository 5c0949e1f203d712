import {
  Avatar,
  Button,
  type ButtonProps,
  Divider,
  Group,
  Modal,
  Popover,
  Stack,
  Text,
  UnstyledButton,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import {
  IconBellCog,
  IconCheck,
  IconInfoCircle,
  IconLogout,
  IconShieldLock,
  IconUser,
} from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { signOut } from "../api/auth";
import { client, ok } from "../api/client";
import { forget, unsent } from "../api/kept";
import { can, useKeepLanguage, useMe } from "../api/me";
import { useLabel } from "../i18n/label";
import { Bidi } from "../ui/Bidi";
import { ErrorPanel } from "../ui/ErrorPanel";
import { LanguageSwitch } from "../ui/LanguageSwitch";
import { ThemeToggle } from "../ui/ThemeToggle";
import { AboutBox } from "./AboutBox";
import { startAfresh } from "./afresh";
import classes from "./UserMenu.module.css";

const LINE: ButtonProps = {
  variant: "subtle",
  color: "gray",
  fullWidth: true,
  justify: "flex-start",
  fw: 500,
};

export function UserMenu() {
  const { t } = useTranslation();
  const label = useLabel();
  const me = useMe();
  const keepLanguage = useKeepLanguage();
  const name = me.person?.name ?? me.user.username;
  const leave = useMutation({
    mutationFn: signOut,
    onSuccess: () => {
      forget(me.user.id);
      startAfresh("/sign-in");
    },
  });
  const change = useMutation({
    mutationFn: (code: string) => ok(client.POST("/api/v1/me/institution/", { body: { code } })),
    onSuccess: () => startAfresh("/"),
  });
  const [opened, { close, toggle }] = useDisclosure(false, { onClose: leave.reset });
  const [isAboutOpen, about] = useDisclosure(false);
  const [isAsking, question] = useDisclosure(false);
  const leaveOrAsk = () => {
    if (unsent(me.user.id) === 0) return leave.mutate();
    close();
    question.open();
  };
  const target = useRef<HTMLButtonElement>(null);
  const leaving = useRef<HTMLButtonElement>(null);
  // The menu that asked is closed by then.
  const stay = () => {
    question.close();
    leave.reset();
    target.current?.focus();
  };
  // A button that waits loses the focus; refused, it has it again.
  useEffect(() => {
    if (leave.error) leaving.current?.focus();
  }, [leave.error]);
  // A dialog and no menu: it holds choices that a menu may not, and Tab walks through all of them.
  return (
    <>
      <AboutBox opened={isAboutOpen} onClose={about.close} />
      <Modal opened={isAsking} onClose={stay} returnFocus={false} title={t("app.header.unsentTitle")}>
        <Stack gap="md">
          {leave.error && <ErrorPanel error={leave.error} />}
          <Text size="sm">{t("app.header.unsentBody")}</Text>
          <Group justify="flex-end" gap="sm">
            <Button variant="default" data-autofocus onClick={stay}>
              {t("app.header.unsentStay")}
            </Button>
            <Button ref={leaving} color="madder" loading={leave.isPending} onClick={() => leave.mutate()}>
              {t("app.header.unsentLeave")}
            </Button>
          </Group>
        </Stack>
      </Modal>
      <Popover
        opened={opened}
        onChange={(next) => !next && close()}
        position="bottom-end"
        width={300}
        shadow="lg"
        trapFocus
        returnFocus
      >
        <Popover.Target>
          <UnstyledButton ref={target} className={classes.target} onClick={toggle}>
            {/* Hidden words instead of a label: the initials stand in the picture, and a label would have to say them. */}
            <span className="visually-hidden">{t("app.header.account")}</span>
            <Avatar size={32} radius="sm" color="ink" name={name} aria-hidden="true" />
          </UnstyledButton>
        </Popover.Target>
        <Popover.Dropdown p={4} aria-label={t("app.header.account")} aria-labelledby={undefined}>
          <div className={classes.who}>
            <Text fw={650}>
              <Bidi>{name}</Bidi>
            </Text>
            <Text size="xs" c="dimmed">
              {me.roles.map((role) => label("app.roles", role)).join(" · ")}
            </Text>
          </div>
          <Divider />
          {me.institutions.length > 1 && (
            <>
              <Text size="xs" c="dimmed" px="sm" py={4}>
                {t("app.header.institution")}
              </Text>
              {me.institutions.map(({ id, code, name: called }) => (
                <Button
                  key={id}
                  {...LINE}
                  aria-current={id === me.institution?.id}
                  rightSection={id === me.institution?.id ? <IconCheck size={16} aria-hidden="true" /> : null}
                  onClick={() => change.mutate(code)}
                >
                  <Bidi>{called}</Bidi>
                </Button>
              ))}
              <Divider />
            </>
          )}
          <div className={classes.choices}>
            <LanguageSwitch onChosen={keepLanguage} />
            <ThemeToggle />
          </div>
          <Divider />
          {me.person && can(me, "person.view") && (
            <Button
              {...LINE}
              component={Link}
              to={`/directory/people/${me.person.id}`}
              leftSection={<IconUser size={16} aria-hidden="true" />}
              onClick={close}
            >
              {t("app.header.record")}
            </Button>
          )}
          <Button
            {...LINE}
            component={Link}
            to="/account"
            leftSection={<IconShieldLock size={16} aria-hidden="true" />}
            onClick={close}
          >
            {t("app.header.security")}
          </Button>
          {can(me, "notification.view") && (
            <Button
              {...LINE}
              component={Link}
              to="/notifications/preferences"
              leftSection={<IconBellCog size={16} aria-hidden="true" />}
              onClick={close}
            >
              {t("app.header.preferences")}
            </Button>
          )}
          <Button
            {...LINE}
            leftSection={<IconInfoCircle size={16} aria-hidden="true" />}
            onClick={() => {
              close();
              about.open();
            }}
          >
            {t("app.header.about")}
          </Button>
          {leave.error && !isAsking && <ErrorPanel error={leave.error} />}
          <Button
            {...LINE}
            ref={isAsking ? undefined : leaving}
            leftSection={<IconLogout size={16} aria-hidden="true" />}
            loading={leave.isPending}
            onClick={leaveOrAsk}
          >
            {t("app.header.signOut")}
          </Button>
        </Popover.Dropdown>
      </Popover>
    </>
  );
}
