import { Avatar, Divider, Menu, Text, UnstyledButton } from "@mantine/core";
import { IconCheck, IconLogout, IconShieldLock } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { signOut } from "../api/auth";
import { client, ok } from "../api/client";
import { useMe } from "../api/me";
import { useLabel } from "../i18n/label";
import { Bidi } from "../ui/Bidi";
import { LanguageSwitch } from "../ui/LanguageSwitch";
import { ThemeToggle } from "../ui/ThemeToggle";
import classes from "./UserMenu.module.css";

// Another actor means another world: a full load leaves nothing of the former one in memory.
const startAfresh = (url: string) => window.location.assign(url);

export function UserMenu() {
  const { t } = useTranslation();
  const label = useLabel();
  const me = useMe();
  const name = me.person?.name ?? me.user.username;
  const leave = useMutation({ mutationFn: signOut, onSuccess: () => startAfresh("/sign-in") });
  const change = useMutation({
    mutationFn: (code: string) => ok(client.POST("/api/v1/me/institution/", { body: { code } })),
    onSuccess: () => startAfresh("/"),
  });
  return (
    <Menu position="bottom-end" width={300} shadow="lg">
      <Menu.Target>
        <UnstyledButton className={classes.target} aria-label={t("app.header.account")}>
          <Avatar size={32} radius="sm" color="ink" name={name} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
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
            <Menu.Label>{t("app.header.institution")}</Menu.Label>
            {me.institutions.map(({ id, code, name: called }) => (
              <Menu.Item
                key={id}
                aria-current={id === me.institution?.id}
                rightSection={id === me.institution?.id ? <IconCheck size={16} aria-hidden="true" /> : null}
                onClick={() => change.mutate(code)}
              >
                <Bidi>{called}</Bidi>
              </Menu.Item>
            ))}
            <Divider />
          </>
        )}
        <div className={classes.choices}>
          <LanguageSwitch />
          <ThemeToggle />
        </div>
        <Divider />
        <Menu.Item component={Link} to="/account" leftSection={<IconShieldLock size={16} />}>
          {t("app.header.security")}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconLogout size={16} />}
          closeMenuOnClick={false}
          onClick={() => leave.mutate()}
        >
          {t("app.header.signOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
