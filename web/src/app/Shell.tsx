import { AppShell } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconInfoCircle } from "@tabler/icons-react";
import { Outlet } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMe } from "../api/me";
import { Bidi } from "../ui/Bidi";
import { BottomBar } from "./BottomBar";
import { GlobalSearch } from "./GlobalSearch";
import { HeaderBar } from "./HeaderBar";
import { ImpersonationBar } from "./ImpersonationBar";
import { MaintenanceBar } from "./MaintenanceBar";
import { NewVersion } from "./NewVersion";
import { ProofGate } from "./ProofGate";
import { Rail } from "./Rail";
import { SameActor } from "./SameActor";
import classes from "./Shell.module.css";

export const MAIN_ID = "content";

/** The frame of every screen: rail, header, banner, content, and on a phone the bottom bar. */
export function Shell() {
  const { t } = useTranslation();
  const { banner } = useMe();
  const [isOpen, { toggle, close }] = useDisclosure(false);
  return (
    <AppShell
      header={{ height: 54 }}
      navbar={{ width: 236, breakpoint: "sm", collapsed: { mobile: !isOpen } }}
      layout="alt"
      padding={0}
      transitionDuration={150}
    >
      <a href={`#${MAIN_ID}`} className={classes.skip}>
        {t("app.skip")}
      </a>
      <AppShell.Header className={classes.header}>
        <HeaderBar />
      </AppShell.Header>
      <AppShell.Navbar className={classes.rail} aria-label={t("app.nav.label")}>
        <Rail onClose={close} />
      </AppShell.Navbar>
      <AppShell.Main className={classes.main}>
        <SameActor />
        <ImpersonationBar />
        <MaintenanceBar />
        <NewVersion />
        {banner && (
          <div role="status" className={classes.banner}>
            <IconInfoCircle size={18} aria-hidden="true" />
            <Bidi>{banner}</Bidi>
          </div>
        )}
        <div id={MAIN_ID} tabIndex={-1} className={classes.content}>
          <Outlet />
        </div>
      </AppShell.Main>
      <BottomBar isMoreOpen={isOpen} onMore={toggle} />
      <GlobalSearch />
      <ProofGate />
    </AppShell>
  );
}
